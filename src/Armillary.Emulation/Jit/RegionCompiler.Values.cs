using Armillary.Emulation.Ir;
using Armillary.Emulation.Jit.X64;

namespace Armillary.Emulation.Jit;

// Where the values of one guest instruction are.
internal sealed unsafe partial class RegionCompiler
{
    private enum Place : byte
    {
        None,
        Register,
        Slot,
        Constant,
    }

    private record struct Value(Place Place, Gpr Register, int Slot, long Constant);

    private readonly bool[] _free = new bool[16];
    private IrBuffer _ir = null!;
    private Value[] _values = [];
    private int[] _lastUses = [], _uses = [];
    private Gpr?[] _wanted = [];

    private static bool IsFlag(IrOp op) => op is IrOp.Condition or IrOp.IsZero or IrOp.Bit or IrOp.LessSigned or IrOp.LessUnsigned or IrOp.FlagNot;

    private static bool MayLeave(IrOp op) => op is IrOp.Load or IrOp.Store or IrOp.LoadAcquire or IrOp.StoreRelease or IrOp.LoadPair or IrOp.StorePair or IrOp.Atomic or IrOp.CompareAndSwap
        or IrOp.CheckStackPointer;

    // How many of A, B and C an operation reads.
    private static int Arity(IrOp op) => op switch
    {
        IrOp.Const or IrOp.GetX or IrOp.GetNzcv or IrOp.Condition or IrOp.Branch or IrOp.CheckStackPointer or IrOp.Barrier or IrOp.Second => 0,
        IrOp.Select or IrOp.StorePair or IrOp.CompareAndSwap => 3,
        >= IrOp.Add and <= IrOp.Xor or >= IrOp.ShiftLeftBy and <= IrOp.MultiplyHighUnsigned or >= IrOp.SetFlagsOfAdd and <= IrOp.SetFlagsOfAddWithCarry
            or IrOp.AddWithCarry or IrOp.NzcvOfAdd or IrOp.NzcvOfSub or IrOp.LessSigned or IrOp.LessUnsigned or IrOp.Store or IrOp.StoreRelease or IrOp.Atomic => 2,
        _ => 1,
    };

    private void BeginInstruction(IrBuffer ir)
    {
        _ir = ir;
        if (_values.Length < ir.Count) (_values, _lastUses, _uses, _wanted) = (new Value[ir.Count], new int[ir.Count], new int[ir.Count], new Gpr?[ir.Count]);
        Array.Clear(_values, 0, ir.Count);
        Array.Clear(_lastUses, 0, ir.Count);
        Array.Clear(_uses, 0, ir.Count);
        Array.Clear(_wanted, 0, ir.Count);
        Array.Clear(_free);
        foreach (Gpr register in s_temporaries) _free[(int)register] = true;
        for (int i = ir.Count - 1; i >= 0; i--)
        {
            IrInstruction x = ir.Code[i];
            // A flag is computed where it is used, and a pair's second value is there with the first.
            int end = IsFlag(x.Op) ? Math.Max(_lastUses[i], i) : i, arity = Arity(x.Op);
            if (arity > 0) Use(x.A, end);
            if (arity > 1) Use(x.B, end);
            if (arity > 2) Use(x.C, end);
        }

        for (int i = 0; i < ir.Count; i++)
        {
            if (ir.Code[i].Op == IrOp.SetX && _homes[ir.Code[i].R] is { } home && MayBeComputedAtHome(ir.Code[i].A, i)) _wanted[ir.Code[i].A] = home;
        }

        void Use(int id, int at)
        {
            _uses[id]++;
            _lastUses[id] = Math.Max(_lastUses[id], at);
        }
    }

    // A value that goes to a register alone may be computed there, if nobody needs the old one any more and nothing leaves in between.
    private bool MayBeComputedAtHome(int id, int set)
    {
        IrInstruction value = _ir.Code[id];
        if (_uses[id] != 1 || value.Op is IrOp.Const or IrOp.GetX || value.Type != _ir.Code[set].Type) return false;
        int slot = _ir.Code[set].R, made = value.Op == IrOp.Second ? value.A : id;
        for (int i = 0; i < _ir.Count; i++)
        {
            IrInstruction x = _ir.Code[i];
            if (x.R == slot && x.Op == IrOp.GetX && (i > made ? i < set : _lastUses[i] > made)) return false;
            if (x.R == slot && x.Op == IrOp.SetX && i != set) return false;
            if (i > made && i < set && MayLeave(x.Op)) return false;
        }

        return true;
    }

    private void FreeUsed(int at, in IrInstruction x)
    {
        int arity = Arity(x.Op);
        if (arity > 0) FreeIfLast(x.A, at);
        if (arity > 1) FreeIfLast(x.B, at);
        if (arity > 2) FreeIfLast(x.C, at);
    }

    private void FreeIfLast(int id, int at)
    {
        if (_lastUses[id] > at) return;
        if (IsFlag(_ir.Code[id].Op)) FreeUsed(at, _ir.Code[id]);
        if (_values[id].Place == Place.Register && s_temporaries.Contains(_values[id].Register)) _free[(int)_values[id].Register] = true;
    }

    // The register for the result of an operation, whose operands are free already if this was their last use.
    private Gpr Destination(int id)
    {
        Gpr register = _wanted[id] ?? Temporary();
        _values[id] = new Value(Place.Register, register, 0, 0);
        return register;
    }

    private Gpr Temporary()
    {
        foreach (Gpr register in s_temporaries)
        {
            if (!_free[(int)register]) continue;
            _free[(int)register] = false;
            return register;
        }

        throw new OutOfRegistersException();
    }

    private void EmitGet(int id, in IrInstruction x)
    {
        bool changes = false;
        for (int i = id + 1; i < _lastUses[id]; i++) changes |= _ir.Code[i].Op == IrOp.SetX && _ir.Code[i].R == x.R;
        if (!changes)
        {
            _values[id] = _homes[x.R] is { } home ? new Value(Place.Register, home, 0, 0) : new Value(Place.Slot, default, x.R, 0);
            return;
        }

        Gpr copy = Temporary();
        if (_homes[x.R] is { } from) _a.Mov(copy, from, wide: true);
        else _a.Mov(copy, StateFields.Slot(x.R), wide: true);
        _values[id] = new Value(Place.Register, copy, 0, 0);
    }

    private void EmitSet(in IrInstruction x)
    {
        bool wide = x.Type == IrType.I64;
        Value value = _values[x.A];
        if (_homes[x.R] is { } home)
        {
            if (_wanted[x.A] == home) return; // it is there
            if (value.Place == Place.Register && !wide) _a.Mov(home, value.Register, wide: false);
            else MoveTo(home, x.A, wide);
            return;
        }

        if (value.Place == Place.Constant && Constant(x.A, wide) is var constant && constant == (int)constant)
        {
            _a.Mov(StateFields.Slot(x.R), (int)constant, wide: true);
            return;
        }

        Gpr register = InRegister(x.A, wide, Gpr.Rax);
        if (!wide && register != Gpr.Rax) _a.Mov(Gpr.Rax, register, wide: false);
        _a.Mov(StateFields.Slot(x.R), wide ? register : Gpr.Rax, wide: true);
    }

    private long Constant(int id, bool wide) => wide ? _values[id].Constant : (uint)_values[id].Constant;

    private bool IsIn(int id, Gpr register) => _values[id].Place == Place.Register && _values[id].Register == register;

    /// <summary>The register of a value: its own, or one that it is loaded into. No flag changes.</summary>
    private Gpr InRegister(int id, bool wide, Gpr scratch)
    {
        if (_values[id].Place == Place.Register) return _values[id].Register;
        MoveTo(scratch, id, wide);
        return scratch;
    }

    private void MoveTo(Gpr to, int id, bool wide)
    {
        Value value = _values[id];
        switch (value.Place)
        {
            case Place.Register:
                if (value.Register != to) _a.Mov(to, value.Register, wide);
                break;
            case Place.Slot:
                _a.Mov(to, StateFields.Slot(value.Slot), wide);
                break;
            default:
                _a.Mov(to, Constant(id, wide));
                break;
        }
    }

    /// <summary>An operation on a register that is not RCX.</summary>
    private void Apply(Alu alu, Gpr to, int id, bool wide)
    {
        Value value = _values[id];
        if (value.Place == Place.Register)
        {
            _a.Op(alu, to, value.Register, wide);
        }
        else if (value.Place == Place.Slot)
        {
            _a.Op(alu, to, StateFields.Slot(value.Slot), wide);
        }
        else if ((wide ? value.Constant : (int)value.Constant) is var constant && constant == (int)constant)
        {
            _a.Op(alu, to, (int)constant, wide);
        }
        else
        {
            _a.Mov(Gpr.Rcx, value.Constant);
            _a.Op(alu, to, Gpr.Rcx, wide);
        }
    }
}
