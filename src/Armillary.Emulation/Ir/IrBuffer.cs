using System.Globalization;
using System.Runtime.Intrinsics;
using System.Text;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Ir;

/// <summary>Raised when a body breaks the rules that make faults precise. A bug in the body, never in the guest.</summary>
internal sealed class TranslationException(string message) : InvalidOperationException(message);

/// <summary>The IR of a run of guest instructions.</summary>
internal sealed class IrBuffer
{
    private IrInstruction[] _code = new IrInstruction[64];
    private bool _wrote;

    /// <summary>The operations so far.</summary>
    public ReadOnlySpan<IrInstruction> Code => _code.AsSpan(0, Count);

    public int Count { get; private set; }

    /// <summary>The helper calls' operands, by <see cref="IrInstruction.Imm"/> of the call.</summary>
    public List<(HelperPointer Helper, Operands Operands)> Calls { get; } = [];

    /// <summary>The calls of helpers with two arguments.</summary>
    public List<(PairHelperPointer Helper, Operands Operands)> PairCalls { get; } = [];

    /// <summary>The vector operations, by <see cref="IrInstruction.Imm"/>.</summary>
    public List<(VectorPointer Operation, Operands Operands)> Vectors { get; } = [];

    /// <summary>The floating-point operations, by <see cref="IrInstruction.Imm"/>.</summary>
    public List<(FloatingPointer Operation, Operands Operands)> Floatings { get; } = [];

    /// <summary>A new guest instruction begins.</summary>
    public void BeginInstruction() => _wrote = false;

    public int Emit(IrOp op, IrType type, int r = 0, int a = 0, int b = 0, int c = 0, long imm = 0)
    {
        if (Count == _code.Length) Array.Resize(ref _code, Count * 2);
        _code[Count] = new IrInstruction { Op = op, Type = type, R = (short)r, A = a, B = b, C = c, Imm = imm };
        return Count++;
    }

    /// <summary>Notes an architectural write.</summary>
    public int Write(int id)
    {
        _wrote = true;
        return id;
    }

    /// <summary>Notes something that may leave the instruction: nothing may have been written yet.</summary>
    public int MayLeave(int id)
    {
        if (_wrote) throw new TranslationException("A memory access or helper call follows an architectural write: its fault would not be precise.");
        return id;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (int i = 0; i < Count; i++)
        {
            IrInstruction x = _code[i];
            text.Append(CultureInfo.InvariantCulture, $"%{i} = {x.Op}.{x.Type} r{x.R} %{x.A} %{x.B} %{x.C} #{x.Imm}\n");
        }

        return text.ToString();
    }
}

/// <summary>A helper as translated code calls it.</summary>
internal delegate HelperOutcome HelperPointer(Cpu.SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result);

/// <inheritdoc cref="HelperPointer"/>
internal delegate HelperOutcome PairHelperPointer(Cpu.SoftwareVirtualCpu cpu, in Operands o, ulong first, ulong second, out ulong result);

/// <summary>An <see cref="IVectorOperation"/> as translated code calls it.</summary>
internal delegate Vector128<byte> VectorPointer(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o);

/// <summary>An <see cref="IFloatingOperation"/> as translated code calls it.</summary>
internal delegate Vector128<byte> FloatingPointer(ref Cpu.FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o);
