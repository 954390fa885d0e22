using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Ir;
using Armillary.Emulation.Jit.X64;

namespace Armillary.Emulation.Jit;

/// <summary>
/// Translates regions to x86-64: a function of the state and the entry's op that returns the op to go on with, as an interpreter's handler does.
/// The most used guest registers live in host registers for the whole region; what a guest instruction cannot do in place leaves the region with
/// the instruction undone, for the interpreter to execute.
/// </summary>
internal sealed unsafe partial class RegionCompiler
{
    // RBX is the state. RAX, RCX and RDX are free within an operation, values of an instruction are in s_temporaries.
    private const Gpr State = Gpr.Rbx;

    private static readonly Gpr[] s_temporaries = [Gpr.Rsi, Gpr.Rdi, Gpr.R8, Gpr.R9];
    private static readonly Gpr[] s_homes = [Gpr.Rbp, Gpr.R10, Gpr.R11, Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15];
    private static readonly Gpr[] s_saved = [Gpr.Rbx, Gpr.Rbp, Gpr.R12, Gpr.R13, Gpr.R14, Gpr.R15];

    private readonly X64Assembler _a = new();
    private readonly Gpr?[] _homes = new Gpr?[RegisterSlots.Count];
    private readonly bool[] _written = new bool[RegisterSlots.Count];
    private readonly Dictionary<nint, Label> _labels = [];
    private readonly List<Action> _cold = [];
    private Label _leave = new();
    private Region _region = null!;
    private bool _usesFlags, _writesFlags, _isCall;

    /// <summary>The code of a region, or nothing if an instruction of it needs more registers than there are.</summary>
    public ReadOnlySpan<byte> Compile(Region region)
    {
        _a.Clear();
        _labels.Clear();
        _cold.Clear();
        _leave = new Label();
        _region = region;
        _flagsAt = -1;
        ChooseHomes();
        Begin();
        bool adjacent = false;
        Op* last = null;
        try
        {
            foreach (RegionNode node in region.Nodes)
            {
                if (adjacent && last + 1 != node.Op) Exit(last + 1);
                if (node.IsTarget) Bind(node.Op);
                adjacent = Translate(node);
                last = node.Op;
            }
        }
        catch (OutOfRegistersException)
        {
            return default;
        }

        if (adjacent) Exit(last + 1);
        for (int i = 0; i < _cold.Count; i++) _cold[i]();
        End();
        return _a.Code;
    }

    private void ChooseHomes()
    {
        Span<int> weights = stackalloc int[RegisterSlots.Count];
        weights.Clear();
        Array.Clear(_homes);
        Array.Clear(_written);
        _usesFlags = _writesFlags = false;
        foreach (RegionNode node in _region.Nodes)
        {
            if (node.Ir is null) continue;
            foreach (IrInstruction x in node.Ir.Code)
            {
                if (x.Op is IrOp.GetX or IrOp.SetX) weights[x.R] += node.Weight;
                if (x.Op == IrOp.SetX) _written[x.R] = true;
                if (x.Op is IrOp.CheckStackPointer) weights[RegisterSlots.StackPointer] += node.Weight;
                bool writesFlags = x.Op is >= IrOp.SetFlagsOfAdd and <= IrOp.SetFlagsOfLogic or IrOp.SetNzcv;
                _writesFlags |= writesFlags;
                _usesFlags |= writesFlags || x.Op is IrOp.AddWithCarry or IrOp.GetNzcv or IrOp.Condition;
            }
        }

        const int WorthIt = 3;
        foreach (Gpr home in s_homes)
        {
            int best = 0;
            for (int slot = 1; slot < RegisterSlots.Count; slot++)
            {
                if (weights[slot] > weights[best]) best = slot;
            }

            if (weights[best] < WorthIt) break;
            _homes[best] = home;
            weights[best] = 0;
        }
    }

    private void Begin()
    {
        foreach (Gpr register in s_saved) _a.Push(register);
        _a.Mov(State, Gpr.Rdi, wide: true);
        for (int slot = 0; slot < RegisterSlots.Count; slot++)
        {
            if (_homes[slot] is { } home) _a.Mov(home, StateFields.Slot(slot), wide: true);
        }

        if (_usesFlags) PackFlags();
        _a.Jmp(LabelOf(_region.Entry));
    }

    // RAX is what the function returns.
    private void End()
    {
        _a.Bind(_leave);
        for (int slot = 0; slot < RegisterSlots.Count; slot++)
        {
            if (_homes[slot] is { } home && _written[slot]) _a.Mov(StateFields.Slot(slot), home, wide: true);
        }

        if (_writesFlags) UnpackFlags();
        foreach (Gpr register in s_saved.Reverse()) _a.Pop(register);
        _a.Ret();
    }

    private Label LabelOf(Op* op)
    {
        if (!_labels.TryGetValue((nint)op, out Label? label)) _labels[(nint)op] = label = new Label();
        return label;
    }

    private void Bind(Op* op)
    {
        _a.Bind(LabelOf(op));
        _flagsAt = -1; // who jumps here has other flags
    }

    // Goes on in the interpreter.
    private void Exit(Op* op)
    {
        _a.Mov(Gpr.Rax, (long)op);
        _a.Jmp(_leave);
    }

    // The same by one of the state's special ops, which takes the instruction up again.
    private Label ExitBy(Op* op, Mem special)
    {
        var label = new Label();
        _cold.Add(() =>
        {
            _a.Bind(label);
            _a.Mov(Gpr.Rax, (long)op);
            _a.Mov(StateFields.Pending, Gpr.Rax, wide: true);
            _a.Mov(Gpr.Rax, special, wide: true);
            _a.Jmp(_leave);
        });
        return label;
    }

    private Label Miss(Op* op) => ExitBy(op, StateFields.MissOp);

    // False if nothing follows in a line.
    private bool Translate(RegionNode node)
    {
        if (node.Ir is not { } ir)
        {
            Exit(node.Op);
            return false;
        }

        BeginInstruction(ir);
        _isCall = Region.IsCall(ir);
        for (int i = 0; i < ir.Count; i++)
        {
            IrInstruction x = ir.Code[i];
            switch (x.Op)
            {
                case IrOp.Branch:
                    Go(node.Op);
                    return false;
                case IrOp.BranchTo:
                    GoTo(node.Op, x.A, (int)x.Imm);
                    return false;
                case IrOp.BranchIf:
                    BranchIf(node.Op, x.A);
                    return true;
                case IrOp.SetX when _isCall:
                    break; // when the branch is sure to be taken, or it could not be put off
                default:
                    Emit(node.Op, i, x);
                    break;
            }
        }

        return true;
    }

    /// <summary>An instruction needs more values at a time than there are temporary registers.</summary>
    private sealed class OutOfRegistersException : Exception;
}
