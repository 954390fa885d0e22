using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Ir;

/// <summary>
/// Executes IR on a virtual CPU's state, one guest instruction at a time. It is not for speed: it gives IR a meaning of its
/// own, against which the interpreter and the code generators are compared.
/// </summary>
internal sealed unsafe class IrInterpreter(SoftwareVirtualCpu cpu)
{
    private readonly CpuState* _c = cpu.State;

    // Values by number; the upper half of a vector, and the second of a pair, beside the lower or first.
    private ulong[] _values = [];
    private ulong[] _seconds = [];

    /// <summary>Executes the IR of one instruction whose op is given, and returns the op to go on with.</summary>
    public Op* Execute(IrBuffer ir, Op* op)
    {
        if (_values.Length < ir.Count)
        {
            _values = new ulong[ir.Count];
            _seconds = new ulong[ir.Count];
        }

        var slow = new Exec<Slow>(_c, op);
        for (int i = 0; i < ir.Count; i++)
        {
            IrInstruction x = ir.Code[i];
            switch (x.Op)
            {
                case IrOp.SetX:
                    _c->X[x.R] = Value(x.A, x.Type);
                    break;
                case IrOp.SetFlagsOfAdd or IrOp.SetFlagsOfSub or IrOp.SetFlagsOfAddWithCarry or IrOp.SetFlagsOfLogic:
                    if (x.Type == IrType.I32) SetFlags<W32>(ref slow, x.Op, new((uint)_values[x.A]), new((uint)_values[x.B]));
                    else SetFlags<X64>(ref slow, x.Op, new(_values[x.A]), new(_values[x.B]));
                    break;
                case IrOp.SetNzcv:
                    slow.SetNzcv(new(_values[x.A]));
                    break;
                case IrOp.Branch:
                    return cpu.Jump(op, (ulong)x.Imm);
                case IrOp.BranchIf:
                    if (_values[x.A] != 0) return cpu.Jump(op, (ulong)x.Imm);
                    break;
                case IrOp.BranchTo:
                    return cpu.Jump(op, _values[x.A], (uint)x.Imm);
                case IrOp.ClearExclusive:
                    cpu.ClearExclusive();
                    break;
                case IrOp.CheckFloating:
                    if (_c->FloatingTrap != 0) return cpu.TakeFloatingTrap(op);
                    break;
                case IrOp.GetV:
                    Set(i, *CpuState.VectorRegister(_c, x.R));
                    break;
                case IrOp.SetV:
                    *CpuState.VectorRegister(_c, x.R) = GetVector(x.A);
                    break;
                case IrOp.Vector:
                    (VectorPointer vector, Operands vectorOperands) = ir.Vectors[(int)x.Imm];
                    Set(i, vector(GetVector(x.A), GetVector(x.B), GetVector(x.C), vectorOperands));
                    break;
                case IrOp.Floating:
                    (FloatingPointer floating, Operands floatingOperands) = ir.Floatings[(int)x.Imm];
                    Set(i, floating(ref _c->Floating, GetVector(x.A), GetVector(x.B), GetVector(x.C), floatingOperands));
                    break;
                case IrOp.LowHalf:
                    (_values[i], _seconds[i]) = (_values[x.A], 0);
                    break;
                case IrOp.FromX:
                    (_values[i], _seconds[i]) = (_values[x.A], _values[x.B]);
                    break;
                case IrOp.ToX:
                    _values[i] = x.R == 0 ? _values[x.A] : _seconds[x.A];
                    break;
                case IrOp.LoadV:
                    if (!cpu.LoadVector(op, _values[x.A], x.R, out UInt128 loaded, out Op* afterLoad)) return afterLoad;
                    (_values[i], _seconds[i]) = ((ulong)loaded, (ulong)(loaded >> 64));
                    break;
                case IrOp.StoreV:
                    if (!cpu.StoreVector(op, _values[x.A], x.R, new UInt128(_seconds[x.B], _values[x.B]), out Op* afterStore)) return afterStore;
                    break;
                case IrOp.StoreVPair:
                    if (!cpu.CheckStore(op, _values[x.A], x.R, 2, out Op* refused)) return refused;
                    if (!cpu.StoreVector(op, _values[x.A], x.R, new UInt128(_seconds[x.B], _values[x.B]), out Op* first)) return first;
                    if (!cpu.StoreVector(op, _values[x.A] + (ulong)x.R, x.R, new UInt128(_seconds[x.C], _values[x.C]), out Op* second)) return second;
                    break;
                case IrOp.LoadElements:
                    if (!cpu.LoadElements(op, _values[x.A], x.R, (int)x.Imm, out UInt128 elements, out Op* afterElements)) return afterElements;
                    (_values[i], _seconds[i]) = ((ulong)elements, (ulong)(elements >> 64));
                    break;
                case IrOp.StoreElements:
                    if (!cpu.StoreElements(op, _values[x.A], x.R, (int)x.Imm, new UInt128(_seconds[x.B], _values[x.B]), out Op* stopped)) return stopped;
                    break;
                case IrOp.CheckStores:
                    if (!cpu.CheckStore(op, _values[x.A], x.R, (int)x.Imm / x.R, out Op* cannot)) return cannot;
                    break;
                case IrOp.Barrier:
                    slow.Barrier((BarrierKind)x.Imm);
                    break;
                case IrOp.Call:
                    (HelperPointer helper, Operands operands) = ir.Calls[(int)x.Imm];
                    _c->Pc = operands.Pc;
                    HelperOutcome outcome = helper(cpu, operands, _values[x.A], out _values[i]);
                    if (outcome != HelperOutcome.Continue) return cpu.Leave(op, outcome);
                    break;
                case IrOp.CallPair:
                    (PairHelperPointer pairHelper, Operands pairOperands) = ir.PairCalls[(int)x.Imm];
                    _c->Pc = pairOperands.Pc;
                    HelperOutcome pairOutcome = pairHelper(cpu, pairOperands, _values[x.A], _values[x.B], out _values[i]);
                    if (pairOutcome != HelperOutcome.Continue) return cpu.Leave(op, pairOutcome);
                    break;
                case >= IrOp.CheckStackPointer and <= IrOp.CompareAndSwapPair and not (IrOp.Second or IrOp.ClearExclusive):
                    if (!Access(x, i, op, out Op* next)) return next;
                    break;
                default:
                    _values[i] = x.Type == IrType.I32 ? Compute32(x, ref slow) : Compute64(x, ref slow);
                    if (x.Op == IrOp.Pair) _seconds[i] = _values[x.B];
                    break;
            }
        }

        return op + 1;
    }

    private Vector128<byte> GetVector(int id) => Vector128.Create(_values[id], _seconds[id]).AsByte();

    private void Set(int id, Vector128<byte> value) => (_values[id], _seconds[id]) = (value.AsUInt64()[0], value.AsUInt64()[1]);

    private ulong Value(int id, IrType type) => type == IrType.I32 ? (uint)_values[id] : _values[id];

    private static void SetFlags<T>(ref Exec<Slow> m, IrOp op, T a, T b) where T : struct, IWord<T>
    {
        switch (op)
        {
            case IrOp.SetFlagsOfAdd: m.SetFlagsOfAdd(a, b); break;
            case IrOp.SetFlagsOfSub: m.SetFlagsOfSub(a, b); break;
            case IrOp.SetFlagsOfAddWithCarry: m.SetFlagsOfAddWithCarry(a, b); break;
            default: m.SetFlagsOfLogic(a); break;
        }
    }

    private bool Access(in IrInstruction x, int id, Op* op, out Op* next)
    {
        int size = Math.Abs(x.R);
        ulong address = x.Op == IrOp.CheckStackPointer ? 0 : _values[x.A];
        UInt128 wide = 0;
        bool done;
        X64 status;
        switch (x.Op)
        {
            case IrOp.CheckStackPointer:
                done = (_c->X[RegisterSlots.StackPointer] & _c->StackAlignment) == 0;
                next = done ? op + 1 : cpu.TakeStackAlignmentFault(op);
                break;
            case IrOp.Load or IrOp.LoadUnprivileged or IrOp.LoadAcquire:
                done = cpu.Load(op, address, size, Kind(x.Op), out ulong loaded, out next);
                _values[id] = x.R < 0 ? SignExtend(loaded, size, x.Type) : loaded;
                break;
            case IrOp.Store or IrOp.StoreUnprivileged or IrOp.StoreRelease:
                done = cpu.Store(op, address, size, Kind(x.Op) | AccessKind.Write, Value(x.B, x.Type), out next);
                break;
            case IrOp.LoadPair:
                done = cpu.LoadPair(op, address, size, out ulong first, out ulong second, out next);
                _values[id] = x.R < 0 ? SignExtend(first, size, x.Type) : first;
                _seconds[id] = x.R < 0 ? SignExtend(second, size, x.Type) : second;
                break;
            case IrOp.StorePair:
                done = cpu.StorePair(op, address, size, Value(x.B, x.Type), Value(x.C, x.Type), out next);
                break;
            case IrOp.LoadExclusive:
                done = cpu.LoadExclusive(op, address, size, out wide, out next);
                _values[id] = (ulong)wide;
                break;
            case IrOp.LoadExclusivePair:
                done = cpu.LoadExclusive(op, address, 2 * size, out wide, out next);
                Split(id, wide, size);
                break;
            case IrOp.StoreExclusive:
                done = cpu.StoreExclusive(op, address, size, Value(x.B, x.Type), out status, out next);
                _values[id] = status.Value;
                break;
            case IrOp.StoreExclusivePair:
                done = cpu.StoreExclusive(op, address, 2 * size, Join(Value(x.B, x.Type), Value(x.C, x.Type), size), out status, out next);
                _values[id] = status.Value;
                break;
            case IrOp.Atomic:
                done = cpu.Atomic(op, address, size, (AtomicKind)x.Imm, Value(x.B, x.Type), out _values[id], out next);
                break;
            case IrOp.CompareAndSwap:
                ulong mask = ulong.MaxValue >> (64 - (8 * size));
                done = cpu.CompareAndSwap(op, address, size, _values[x.B] & mask, _values[x.C] & mask, out wide, out next);
                _values[id] = (ulong)wide;
                break;
            case IrOp.CompareAndSwapPair:
                done = cpu.CompareAndSwap(op, address, 2 * size, Join(_values[x.B], _seconds[x.B], size), Join(_values[x.C], _seconds[x.C], size), out wide, out next);
                Split(id, wide, size);
                break;
            default:
                throw new TranslationException($"{x.Op} is not a memory access.");
        }

        return done;
    }

    private static AccessKind Kind(IrOp op) => op switch
    {
        IrOp.LoadUnprivileged or IrOp.StoreUnprivileged => AccessKind.Unprivileged,
        IrOp.LoadAcquire or IrOp.StoreRelease => AccessKind.Ordered,
        _ => AccessKind.Read,
    };

    private static ulong SignExtend(ulong value, int size, IrType type)
    {
        int unused = 64 - (8 * size);
        ulong extended = (ulong)((long)(value << unused) >> unused);
        return type == IrType.I32 ? (uint)extended : extended;
    }

    private static UInt128 Join(ulong first, ulong second, int size) => size == 4 ? (uint)first | (second << 32) : new UInt128(second, first);

    private void Split(int id, UInt128 wide, int size)
    {
        _values[id] = size == 4 ? (uint)wide : (ulong)wide;
        _seconds[id] = size == 4 ? (ulong)wide >> 32 : (ulong)(wide >> 64);
    }

    private ulong Compute32(in IrInstruction x, ref Exec<Slow> m)
    {
        uint a = (uint)_values[x.A], b = (uint)_values[x.B];
        W32 wa = new(a), wb = new(b);
        return x.Op switch
        {
            IrOp.Const => (uint)x.Imm,
            IrOp.GetX => (uint)_c->X[x.R],
            IrOp.Narrow => a,
            IrOp.Add => a + b,
            IrOp.Sub => a - b,
            IrOp.Mul => a * b,
            IrOp.And => a & b,
            IrOp.Or => a | b,
            IrOp.Xor => a ^ b,
            IrOp.Not => ~a,
            IrOp.ShiftLeft => a << (int)x.Imm,
            IrOp.ShiftRightLogical => a >> (int)x.Imm,
            IrOp.ShiftRightArithmetic => (uint)((int)a >> (int)x.Imm),
            IrOp.RotateRight => uint.RotateRight(a, (int)x.Imm),
            IrOp.ShiftLeftBy => a << (int)(b & 31),
            IrOp.ShiftRightLogicalBy => a >> (int)(b & 31),
            IrOp.ShiftRightArithmeticBy => (uint)((int)a >> (int)(b & 31)),
            IrOp.RotateRightBy => uint.RotateRight(a, (int)(b & 31)),
            IrOp.DivideUnsigned => b == 0 ? 0 : a / b,
            IrOp.DivideSigned => b == 0 ? 0 : (uint)((long)(int)a / (int)b),
            IrOp.MultiplyHighUnsigned => (uint)(((ulong)a * b) >> 32),
            IrOp.MultiplyHighSigned => (uint)(((long)(int)a * (int)b) >> 32),
            IrOp.CountLeadingZeros => uint.LeadingZeroCount(a),
            IrOp.ReverseBits => (uint)(Reverse(a) >> 32),
            IrOp.ReverseBytes => W32.ReverseBytes(wa).Value,
            IrOp.AddWithCarry => a + b + (uint)_c->C,
            IrOp.NzcvOfAdd => m.NzcvOfAdd(wa, wb).Value,
            IrOp.NzcvOfSub => m.NzcvOfSub(wa, wb).Value,
            IrOp.IsZero => a == 0 ? 1u : 0u,
            IrOp.Bit => (a >> (int)x.Imm) & 1,
            IrOp.LessSigned => (int)a < (int)b ? 1u : 0u,
            IrOp.LessUnsigned => a < b ? 1u : 0u,
            IrOp.Select => _values[x.A] != 0 ? (uint)_values[x.B] : (uint)_values[x.C],
            IrOp.Second => (uint)_seconds[x.A],
            IrOp.Pair => a,
            _ => throw new TranslationException($"{x.Op} has no 32-bit form."),
        };
    }

    private ulong Compute64(in IrInstruction x, ref Exec<Slow> m)
    {
        ulong a = _values[x.A], b = _values[x.B];
        X64 xa = new(a), xb = new(b);
        return x.Op switch
        {
            IrOp.Const => (ulong)x.Imm,
            IrOp.GetX => _c->X[x.R],
            IrOp.Widen => (uint)a,
            IrOp.Add => a + b,
            IrOp.Sub => a - b,
            IrOp.Mul => a * b,
            IrOp.And => a & b,
            IrOp.Or => a | b,
            IrOp.Xor => a ^ b,
            IrOp.Not => ~a,
            IrOp.ShiftLeft => a << (int)x.Imm,
            IrOp.ShiftRightLogical => a >> (int)x.Imm,
            IrOp.ShiftRightArithmetic => (ulong)((long)a >> (int)x.Imm),
            IrOp.RotateRight => ulong.RotateRight(a, (int)x.Imm),
            IrOp.ShiftLeftBy => a << (int)(b & 63),
            IrOp.ShiftRightLogicalBy => a >> (int)(b & 63),
            IrOp.ShiftRightArithmeticBy => (ulong)((long)a >> (int)(b & 63)),
            IrOp.RotateRightBy => ulong.RotateRight(a, (int)(b & 63)),
            IrOp.DivideUnsigned => b == 0 ? 0 : a / b,
            IrOp.DivideSigned => b == 0 ? 0 : (ulong)(Int128)((Int128)(long)a / (long)b),
            IrOp.MultiplyHighUnsigned => (ulong)(((UInt128)a * b) >> 64),
            IrOp.MultiplyHighSigned => (ulong)(((Int128)(long)a * (long)b) >> 64),
            IrOp.CountLeadingZeros => ulong.LeadingZeroCount(a),
            IrOp.ReverseBits => Reverse(a),
            IrOp.ReverseBytes => X64.ReverseBytes(xa).Value,
            IrOp.AddWithCarry => a + b + _c->C,
            IrOp.NzcvOfAdd => m.NzcvOfAdd(xa, xb).Value,
            IrOp.NzcvOfSub => m.NzcvOfSub(xa, xb).Value,
            IrOp.GetNzcv => m.Nzcv().Value,
            IrOp.Condition => (ulong)m.Condition((int)x.Imm).Raw,
            IrOp.IsZero => a == 0 ? 1u : 0u,
            IrOp.Bit => (a >> (int)x.Imm) & 1,
            IrOp.LessSigned => (long)a < (long)b ? 1u : 0u,
            IrOp.LessUnsigned => a < b ? 1u : 0u,
            IrOp.FlagNot => a ^ 1,
            IrOp.Select => a != 0 ? b : _values[x.C],
            IrOp.Second => _seconds[x.A],
            IrOp.Pair => a,
            _ => throw new TranslationException($"{x.Op} has no 64-bit form."),
        };
    }

    private static ulong Reverse(ulong value)
    {
        ulong result = 0;
        for (int i = 0; i < 64; i++) result |= ((value >> i) & 1) << (63 - i);
        return result;
    }
}
