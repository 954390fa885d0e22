using Armillary.Emulation.Decode;
using Armillary.Emulation.Ir;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Jit;

/// <summary>An instruction of a region.</summary>
internal sealed unsafe class RegionNode
{
    public required Op* Op { get; init; }

    /// <summary>What it means; nothing for one that the interpreter executes.</summary>
    public required IrBuffer? Ir { get; init; }

    /// <summary>A branch of the region leads to it.</summary>
    public bool IsTarget { get; set; }

    /// <summary>How often it is executed, roughly: more in loops.</summary>
    public int Weight { get; set; } = 1;
}

/// <summary>
/// The instructions that direct branches and straight lines lead to from one, within its page: what is translated together. Instructions that
/// translated code does not do are in it as places where it ends.
/// </summary>
internal sealed unsafe class Region
{
    /// <summary>
    /// Every so often that a branch is taken its target is considered. Translation has its price: with 64, Linux took longer to boot than by the
    /// interpreter alone; with 2048 it takes less.
    /// </summary>
    public const int HeatPeriod = 2048;

    private const int MaxInstructions = 400;

    private readonly RegionNode?[] _nodes = new RegionNode?[CodePage.Instructions];
    private readonly List<int> _returns = [];
    private readonly Op* _page;

    private Region(Op* entry)
    {
        Entry = entry;
        _page = entry - IndexOf(entry);
    }

    public Op* Entry { get; }

    /// <summary>By address.</summary>
    public IEnumerable<RegionNode> Nodes => _nodes.OfType<RegionNode>();

    /// <summary>Behind the region's calls: where its returns may lead.</summary>
    public IEnumerable<RegionNode> Returns => _returns.Select(index => _nodes[index]).OfType<RegionNode>();

    public static int IndexOf(Op* op) => (int)((op->Operands.Pc >> 2) & (CodePage.Instructions - 1));

    public RegionNode? NodeOf(Op* op) => _nodes[IndexOf(op)];

    /// <summary>The node that a direct branch leads to, or null if it leaves the region.</summary>
    public RegionNode? TargetOf(Op* branch)
    {
        ulong target = (ulong)branch->Operands.Imm;
        return ((target ^ branch->Operands.Pc) & ~(ulong)(CodePage.Size - 1)) == 0 ? _nodes[(int)(target >> 2) & (CodePage.Instructions - 1)] : null;
    }

    /// <summary>The region of an entry, or null if it is not worth it.</summary>
    public static Region? TryCollect(Op* entry, CodePage page)
    {
        var region = new Region(entry);
        return region.Collect(page) ? region : null;
    }

    private bool Collect(CodePage page)
    {
        var waiting = new Queue<int>();
        waiting.Enqueue(IndexOf(Entry));
        int count = 0, translated = 0;
        while (waiting.TryDequeue(out int index) && count < MaxInstructions)
        {
            while (index < CodePage.Instructions && _nodes[index] is null && count < MaxInstructions)
            {
                Op* op = _page + index;
                if (op->Operands.Row == DecodeTable.Undecoded) page.Decode(op);
                count++;
                IrBuffer? ir = Translate(op);
                _nodes[index] = new RegionNode { Op = op, Ir = ir };
                if (ir is null) break;
                translated++;
                IrInstruction last = ir.Code[^1];
                if (last.Op is IrOp.Branch or IrOp.BranchIf && ((op->Operands.Imm ^ (long)op->Operands.Pc) & ~(CodePage.Size - 1)) == 0) waiting.Enqueue((int)(op->Operands.Imm >> 2) & (CodePage.Instructions - 1));
                if (last.Op is IrOp.BranchTo) break;
                if (last.Op == IrOp.Branch)
                {
                    if (!IsCall(ir) || index + 1 == CodePage.Instructions) break;
                    _returns.Add(index + 1);
                    waiting.Enqueue(index + 1);
                    break;
                }

                index++;
            }
        }

        RegionNode first = _nodes[IndexOf(Entry)]!;
        if (first.Ir is null) return false;
        first.IsTarget = true;
        foreach (RegionNode point in Returns) point.IsTarget = true;
        foreach (RegionNode node in Nodes)
        {
            if (node.Ir is null || node.Ir.Code[^1].Op is not (IrOp.Branch or IrOp.BranchIf) || TargetOf(node.Op) is not { } target) continue;
            target.IsTarget = true;
            if (target.Op > node.Op) continue;
            for (Op* op = target.Op; op <= node.Op; op++)
            {
                if (NodeOf(op) is { } inside) inside.Weight = Math.Min(inside.Weight * 8, 1 << 12);
            }
        }

        return translated >= 2 && IsWorthIt();
    }

    // Going to the interpreter and back costs about as much as four instructions there.
    private bool IsWorthIt()
    {
        const int CostOfLeaving = 4;
        long gain = 0, cost = 0;
        foreach (RegionNode node in Nodes)
        {
            if (node.Ir is null) cost += CostOfLeaving * node.Weight;
            else gain += node.Weight;
        }

        return gain > cost;
    }

    // Null for what translated code leaves to the interpreter.
    private IrBuffer? Translate(Op* op)
    {
        var ir = new IrBuffer();
        DecodeTable.Rows[op->Operands.Row].Translate(ir, op->Operands);
        if (ir.Count == 0) return ir.Emit(IrOp.Const, IrType.I64) == 0 ? ir : null;
        foreach (IrInstruction x in ir.Code)
        {
            if (x.Type == IrType.V128 || !IsKnown(x)) return null;
        }

        return ir.Code[^1].Op is IrOp.Branch or IrOp.BranchIf or IrOp.BranchTo || !HasBranch(ir) ? ir : null;
    }

    /// <summary>True for a branch that writes the link register, and nothing else.</summary>
    public static bool IsCall(IrBuffer ir)
    {
        if (ir.Code[^1].Op is not (IrOp.Branch or IrOp.BranchTo)) return false;
        foreach (IrInstruction x in ir.Code)
        {
            if (x.Op == IrOp.SetX) return true;
        }

        return false;
    }

    private static bool HasBranch(IrBuffer ir)
    {
        foreach (IrInstruction x in ir.Code)
        {
            if (x.Op is IrOp.Branch or IrOp.BranchIf or IrOp.BranchTo) return true;
        }

        return false;
    }

    private static bool IsKnown(in IrInstruction x) => x.Op switch
    {
        IrOp.Atomic => (AtomicKind)x.Imm is <= AtomicKind.Set or AtomicKind.Swap,
        >= IrOp.Const and <= IrOp.CountLeadingZeros or >= IrOp.ReverseBytes and <= IrOp.BranchTo or IrOp.CheckStackPointer or IrOp.Load or IrOp.Store
            or IrOp.LoadAcquire or IrOp.StoreRelease or IrOp.LoadPair or IrOp.StorePair or IrOp.Second or IrOp.Barrier or IrOp.CompareAndSwap => true,
        _ => false,
    };
}
