using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Armillary.Arm64;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Machines;

/// <summary>
/// The interpreter's machine. On the fast paths an access is a TLB comparison and nothing else: what misses, and what is
/// rare, leaves through <see cref="CpuState.MissOp"/>, which executes the same body again on the <see cref="Slow"/> path.
/// So fast handlers make no calls, and no instruction is written twice.
/// </summary>
internal unsafe partial struct Exec<TPath> : IA64Machine<X64> where TPath : struct, IPath
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly CpuState* _c;
    private readonly Op* _op;

    /// <summary>The op to go on with.</summary>
    public Op* Next;

    [MethodImpl(Inline)]
    public Exec(CpuState* c, Op* op)
    {
        _c = c;
        _op = op;
        Next = op + 1;
    }

    [MethodImpl(Inline)] public T X<T>(byte slot) where T : struct, IWord<T> => Of<T>(((ulong*)_c)[slot]);
    [MethodImpl(Inline)] public void SetX<T>(byte slot, T value) where T : struct, IWord<T> => ((ulong*)_c)[slot] = Raw(value);
    [MethodImpl(Inline)] public T Imm<T>(long value) where T : struct, IWord<T> => Of<T>((ulong)value);
    [MethodImpl(Inline)] public X64 Widen<T>(T value) where T : struct, IWord<T> => new(Raw(value));
    [MethodImpl(Inline)] public T Narrow<T>(X64 value) where T : struct, IWord<T> => Of<T>(value.Value);

    [MethodImpl(Inline)]
    public bool Call<THelper>(in Operands o, X64 argument, out X64 result) where THelper : struct, IHelper
    {
        SoftwareVirtualCpu cpu = Cpu;
        _c->Pc = o.Pc;
        HelperOutcome outcome = THelper.Invoke(cpu, o, argument.Value, out ulong raw);
        result = new(raw);
        if (outcome == HelperOutcome.Continue) return true;
        Next = cpu.Leave(_op, outcome);
        return false;
    }

    [MethodImpl(Inline)]
    public bool CallPair<THelper>(in Operands o, X64 first, X64 second, out X64 result) where THelper : struct, IPairHelper
    {
        SoftwareVirtualCpu cpu = Cpu;
        _c->Pc = o.Pc;
        HelperOutcome outcome = THelper.Invoke(cpu, o, first.Value, second.Value, out ulong raw);
        result = new(raw);
        if (outcome == HelperOutcome.Continue) return true;
        Next = cpu.Leave(_op, outcome);
        return false;
    }

    private readonly SoftwareVirtualCpu Cpu
    {
        [MethodImpl(Inline)]
        get => Unsafe.As<SoftwareVirtualCpu>(GCHandle.FromIntPtr(_c->Self).Target!);
    }

    [MethodImpl(Inline)]
    private static ulong Raw<T>(T value) => typeof(T) == typeof(W32) ? Unsafe.BitCast<T, W32>(value).Value : Unsafe.BitCast<T, X64>(value).Value;

    [MethodImpl(Inline)]
    private static T Of<T>(ulong value) => typeof(T) == typeof(W32) ? Unsafe.BitCast<W32, T>(new((uint)value)) : Unsafe.BitCast<X64, T>(new(value));

    [MethodImpl(Inline)]
    private bool Defer(Op* special)
    {
        _c->Pending = _op;
        Next = special;
        return false;
    }
}
