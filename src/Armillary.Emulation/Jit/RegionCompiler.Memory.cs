using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Ir;
using Armillary.Emulation.Jit.X64;

namespace Armillary.Emulation.Jit;

// Loads and stores: the comparisons of Exec.At, and what misses is the interpreter's.
internal sealed unsafe partial class RegionCompiler
{
    private const int PageMask = -CodePage.Size;

    private void EmitAccess(Op* op, int id, in IrInstruction x)
    {
        if (x.Op == IrOp.CheckStackPointer)
        {
            if (_homes[RegisterSlots.StackPointer] is { } home) _a.Mov(Gpr.Rax, home, wide: true);
            else _a.Mov(Gpr.Rax, StateFields.Slot(RegisterSlots.StackPointer), wide: true);
            _a.Op(Alu.And, Gpr.Rax, StateFields.StackAlignment, wide: true);
            _a.J(Cc.NE, Miss(op));
            return;
        }

        bool isStore = x.Op is IrOp.Store or IrOp.StoreRelease or IrOp.StorePair, isPair = x.Op is IrOp.LoadPair or IrOp.StorePair;
        int bytes = Math.Abs((int)x.R);
        MoveTo(Gpr.Rax, x.A, wide: true);
        if (isPair) FindPair(op, bytes, isStore);
        else Find(op, bytes, isStore, x.Op is IrOp.LoadAcquire or IrOp.StoreRelease);
        if (isStore)
        {
            if (isPair) StorePair(x, bytes);
            else _a.Store(new Mem(Gpr.Rax), InRegister(x.B, x.Type == IrType.I64, Gpr.Rcx), bytes);
            if (x.Op == IrOp.StoreRelease) _a.Mfence(); // a later load-acquire must not pass it (Arm ARM B2.3.10)
            FreeUsed(id, x);
            return;
        }

        FreeUsed(id, x);
        if (isPair) LoadPair(id, x, bytes);
        else Load(Destination(id), x, bytes, new Mem(Gpr.Rax));
    }

    private void Load(Gpr to, in IrInstruction x, int bytes, Mem from)
    {
        if (x.R < 0) _a.LoadSigned(to, from, bytes, x.Type == IrType.I64);
        else _a.Load(to, from, bytes);
    }

    // RAX: the address, then the host's.
    private void Find(Op* op, int bytes, bool isStore, bool isAligned)
    {
        Label found = new(), miss = Miss(op);
        int table = isStore ? TlbTables.TlbSize : 0;
        SelectEntry();
        _a.Mov(Gpr.Rdx, Gpr.Rax, wide: true);
        _a.Op(Alu.And, Gpr.Rdx, PageMask | (bytes - 1), wide: true);
        _a.Op(Alu.Cmp, Gpr.Rdx, new Mem(Gpr.Rcx, table), wide: true);
        if (bytes == 1 || isAligned)
        {
            _a.J(Cc.NE, miss);
        }
        else
        {
            var elsewhere = new Label();
            _a.J(Cc.NE, elsewhere);
            _cold.Add(() =>
            {
                // An unaligned access within the page.
                _a.Bind(elsewhere);
                _a.Lea(Gpr.Rdx, new Mem(Gpr.Rax, bytes - 1));
                _a.Op(Alu.And, Gpr.Rdx, PageMask, wide: true);
                _a.Op(Alu.Xor, Gpr.Rdx, new Mem(Gpr.Rcx, table), wide: true);
                _a.Op(Alu.Or, Gpr.Rdx, StateFields.StrictAlignment, wide: true);
                _a.J(Cc.E, found);
                _a.Jmp(miss);
            });
        }

        _a.Bind(found);
        _a.Op(Alu.Add, Gpr.Rax, new Mem(Gpr.Rcx, table + sizeof(ulong)), wide: true);
    }

    private void FindPair(Op* op, int bytes, bool isStore)
    {
        Label found = new(), misaligned = new(), miss = Miss(op);
        int table = isStore ? TlbTables.TlbSize : 0;
        SelectEntry();
        _a.Lea(Gpr.Rdx, new Mem(Gpr.Rax, (2 * bytes) - 1));
        _a.Op(Alu.And, Gpr.Rdx, PageMask, wide: true);
        _a.Op(Alu.Cmp, Gpr.Rdx, new Mem(Gpr.Rcx, table), wide: true);
        _a.J(Cc.NE, miss);
        _a.Test(Gpr.Rax, bytes - 1, wide: false);
        _a.J(Cc.NE, misaligned);
        _cold.Add(() =>
        {
            _a.Bind(misaligned);
            _a.Op(Alu.Cmp, StateFields.StrictAlignment, 0, wide: true);
            _a.J(Cc.E, found);
            _a.Jmp(miss);
        });
        _a.Bind(found);
        _a.Op(Alu.Add, Gpr.Rax, new Mem(Gpr.Rcx, table + sizeof(ulong)), wide: true);
    }

    // RCX: the entry of RAX's page.
    private void SelectEntry()
    {
        const int EntryShift = 4;
        _a.Mov(Gpr.Rcx, Gpr.Rax, wide: false);
        _a.Shift(Shift.Shr, Gpr.Rcx, CpuState.PageShift - EntryShift, wide: false);
        _a.Op(Alu.And, Gpr.Rcx, (TlbTables.TlbEntries - 1) << EntryShift, wide: false);
        _a.Op(Alu.Add, Gpr.Rcx, StateFields.Tlb, wide: true);
    }

    // Both in one access, as FEAT_LSE2 wants of 16 aligned bytes.
    private void LoadPair(int id, in IrInstruction x, int bytes)
    {
        int second = id + 1;
        while (second < _ir.Count && (_ir.Code[second].Op != IrOp.Second || _ir.Code[second].A != id)) second++;
        Gpr first = Destination(id);
        Gpr other = second < _ir.Count ? Destination(second) : Gpr.Rdx;
        if (bytes == 8)
        {
            _a.Load(Xmm.X0, new Mem(Gpr.Rax));
            _a.Mov(first, Xmm.X0);
            _a.ExtractHigh(other, Xmm.X0);
            return;
        }

        _a.Load(Gpr.Rcx, new Mem(Gpr.Rax), 8);
        _a.Mov(other, Gpr.Rcx, wide: true);
        if (x.R < 0 && x.Type == IrType.I64)
        {
            _a.Shift(Shift.Sar, other, 32, wide: true);
            _a.Mov(first, Gpr.Rcx, wide: true);
            _a.Shift(Shift.Shl, first, 32, wide: true);
            _a.Shift(Shift.Sar, first, 32, wide: true);
        }
        else
        {
            _a.Shift(Shift.Shr, other, 32, wide: true);
            _a.Mov(first, Gpr.Rcx, wide: false);
        }
    }

    private void StorePair(in IrInstruction x, int bytes)
    {
        bool wide = x.Type == IrType.I64;
        if (bytes == 8)
        {
            _a.Mov(Xmm.X0, InRegister(x.B, wide, Gpr.Rcx));
            _a.InsertHigh(Xmm.X0, InRegister(x.C, wide, Gpr.Rcx));
            _a.Store(new Mem(Gpr.Rax), Xmm.X0);
            return;
        }

        MoveTo(Gpr.Rcx, x.C, wide);
        _a.Shift(Shift.Shl, Gpr.Rcx, 32, wide: true);
        _a.Mov(Gpr.Rdx, InRegister(x.B, wide, Gpr.Rdx), wide: false);
        _a.Op(Alu.Or, Gpr.Rcx, Gpr.Rdx, wide: true);
        _a.Store(new Mem(Gpr.Rax), Gpr.Rcx, 8);
    }
}
