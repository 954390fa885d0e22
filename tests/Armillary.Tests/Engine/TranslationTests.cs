using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Emulation;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>Stage 1 translation: a program at EL1 or EL0 makes one access, and the exit or the fault is looked at.</summary>
public sealed class TranslationTests : IDisposable
{
    private const ulong Ram = 0x4000_0000, Tables = 0x4100_0000, Data = 0x4020_0000, Vectors = 0x4030_0000;
    private const ulong CodeVa = 0x1_0000, VectorsVa = 0x2_0000, DataVa = 0x7f00_0000_0000;
    private const ulong Plain = PageTables.AccessFlag | PageTables.InnerShareable;

    private readonly VirtualMachine _machine = new SoftwareBackend().CreateVirtualMachine();
    private readonly VirtualCpu _cpu;

    public TranslationTests()
    {
        _machine.Memory.Map(Ram, 64 << 20);
        _cpu = _machine.CreateVirtualCpu();
        _cpu.TrapDebugExceptions = true;
    }

    public static TheoryData<int, int> Granules => new() { { 12, 48 }, { 12, 39 }, { 12, 36 }, { 14, 47 }, { 14, 48 }, { 16, 48 }, { 16, 42 }, { 12, 25 }, { 12, 21 }, { 12, 18 }, { 14, 18 }, { 16, 19 } };

    public void Dispose() => _machine.Dispose();

    [Theory]
    [MemberData(nameof(Granules))]
    public void A_page_is_found_in_every_granule_and_size(int granule, int inputBits)
    {
        PageTables tables = Enable(granule, inputBits);
        ulong va = (1ul << (inputBits - 1)) - (1ul << granule);
        tables.Map(va, Data, Plain);
        _machine.Memory.Write(Data + 0x128, 0x1122_3344_5566_7788ul);
        VmExit exit = Run(1, Ldr(X0, Mem(X1)), (1, va + 0x128));
        Assert.Equal(ExceptionClass.Brk64, exit.ExceptionClass);
        Assert.Equal(0x1122_3344_5566_7788ul, _cpu.GetX(0));
    }

    [Theory]
    [InlineData(12, 1)]
    [InlineData(12, 2)]
    [InlineData(14, 2)]
    [InlineData(16, 2)]
    public void A_block_is_found(int granule, int level)
    {
        PageTables tables = Enable(granule, 48);
        int bits = ((3 - level) * (granule - 3)) + granule;
        ulong va = 0x7000_0000_0000ul & ~((1ul << bits) - 1);
        tables.Map(va, 0, Plain, level);
        _machine.Memory.Write(Data + 8, 42ul);
        // The block maps physical 0 up: only blocks that reach RAM can be read.
        VmExit exit = Run(1, Ldr(X0, Mem(X1)), (1, va + ((Data + 8) & ((1ul << bits) - 1))));
        if (bits > 30 || Data < 1ul << bits) Assert.Equal(42ul, _cpu.GetX(0));
        else Assert.Equal(VmExitReason.Mmio, exit.Reason);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_missing_descriptor_is_a_translation_fault_of_its_level(int level)
    {
        PageTables tables = Enable(12, 48);
        ulong place = tables.Place(DataVa, level);
        _machine.Memory.Write(place, 0ul);
        AssertDataFault(Run(1, Ldr(X0, Mem(X1)), (1, DataVa + 8)), 0x04 + level, DataVa + 8, write: false);
    }

    [Fact]
    public void A_clear_access_flag_is_a_fault_and_with_HA_is_set()
    {
        PageTables tables = Enable(12, 48);
        tables.Map(DataVa, Data, PageTables.InnerShareable);
        AssertDataFault(Run(1, Ldr(X0, Mem(X1)), (1, DataVa)), 0x0b, DataVa, write: false);
        _cpu.SetSystemRegister(SystemRegister.TCR_EL1, _cpu.GetSystemRegister(SystemRegister.TCR_EL1) | (1ul << 39));
        Assert.Equal(ExceptionClass.Brk64, Run(1, Ldr(X0, Mem(X1)), (1, DataVa)).ExceptionClass);
        Assert.NotEqual(0ul, _machine.Memory.Read<ulong>(tables.Place(DataVa, 3)) & PageTables.AccessFlag);
    }

    [Fact]
    public void Dirty_state_by_hardware_makes_a_clean_page_writable()
    {
        PageTables tables = Enable(12, 48);
        tables.Map(DataVa, Data, Plain | PageTables.ReadOnly | PageTables.DirtyModifier);
        AssertDataFault(Run(1, Str(X0, Mem(X1)), (1, DataVa)), 0x0f, DataVa, write: true);
        _cpu.SetSystemRegister(SystemRegister.TCR_EL1, _cpu.GetSystemRegister(SystemRegister.TCR_EL1) | (3ul << 39));
        Assert.Equal(ExceptionClass.Brk64, Run(1, Ldr(X0, Mem(X1)), (1, DataVa)).ExceptionClass);
        Assert.NotEqual(0ul, _machine.Memory.Read<ulong>(tables.Place(DataVa, 3)) & PageTables.ReadOnly);
        Assert.Equal(ExceptionClass.Brk64, Run(1, Str(X0, Mem(X1)), (1, DataVa)).ExceptionClass);
        Assert.Equal(0ul, _machine.Memory.Read<ulong>(tables.Place(DataVa, 3)) & PageTables.ReadOnly);
    }

    // AP[2:1] against level and kind (D8.4.1); PAN keeps EL1 from what EL0 may reach, but not LDTR and STTR.
    [Theory]
    [InlineData(0ul, 1, false, false, true)]
    [InlineData(0ul, 1, true, false, true)]
    [InlineData(0ul, 0, false, false, false)]
    [InlineData(PageTables.ReadOnly, 1, true, false, false)]
    [InlineData(PageTables.ReadOnly, 1, false, false, true)]
    [InlineData(PageTables.User, 0, true, false, true)]
    [InlineData(PageTables.User, 1, true, false, true)]
    [InlineData(PageTables.User, 1, false, true, false)]
    [InlineData(PageTables.User | PageTables.ReadOnly, 0, false, false, true)]
    [InlineData(PageTables.User | PageTables.ReadOnly, 0, true, false, false)]
    public void Permissions_are_those_of_the_descriptor(ulong attributes, int level, bool write, bool pan, bool allowed)
    {
        PageTables tables = Enable(12, 48);
        tables.Map(DataVa, Data, Plain | attributes);
        Instruction access = write ? Str(X0, Mem(X1)) : Ldr(X0, Mem(X1));
        VmExit exit = Run(level, access, (1, DataVa), pan ? Pstate.PAN : 0);
        if (allowed) Assert.Equal((ExceptionClass.Brk64, CodeVa + 4), (exit.ExceptionClass, _cpu.Pc));
        else AssertDataFault(exit, 0x0f, DataVa, write, level);
    }

    [Fact]
    public void Unprivileged_accesses_have_the_rights_of_EL0()
    {
        PageTables tables = Enable(12, 48);
        tables.Map(DataVa, Data, Plain | PageTables.User);
        tables.Map(DataVa + 4096, Data, Plain);
        Assert.Equal(CodeVa + 4, RunToPc(1, Ldtr(X0, Mem(X1)), (1, DataVa), Pstate.PAN));
        Assert.Equal(CodeVa + 4, RunToPc(1, Sttr(X0, Mem(X1)), (1, DataVa), Pstate.PAN));
        AssertDataFault(Run(1, Ldtr(X0, Mem(X1)), (1, DataVa + 4096)), 0x0f, DataVa + 4096, write: false);
    }

    [Fact]
    public void Hierarchical_permissions_restrict_unless_disabled()
    {
        PageTables tables = Enable(12, 48);
        tables.Map(DataVa, Data, Plain);
        tables.RestrictTable(DataVa, 3, 1ul << 62);
        AssertDataFault(Run(1, Str(X0, Mem(X1)), (1, DataVa)), 0x0f, DataVa, write: true);
        _cpu.SetSystemRegister(SystemRegister.TCR_EL1, _cpu.GetSystemRegister(SystemRegister.TCR_EL1) | (1ul << 41));
        Assert.Equal(CodeVa + 4, RunToPc(1, Str(X0, Mem(X1)), (1, DataVa)));
    }

    [Fact]
    public void Both_halves_and_the_top_byte()
    {
        PageTables tables = Enable(12, 48);
        tables.Map(DataVa, Data, Plain);
        _machine.Memory.Write(Data, 7ul);
        ulong upper = 0xffff_0000_0000_0000 | DataVa, tagged = 0xa500_0000_0000_0000 | DataVa;
        Assert.Equal(CodeVa + 4, RunToPc(1, Ldr(X0, Mem(X1)), (1, upper)));
        AssertDataFault(Run(1, Ldr(X0, Mem(X1)), (1, tagged)), 0x04, tagged, write: false);
        _cpu.SetSystemRegister(SystemRegister.TCR_EL1, _cpu.GetSystemRegister(SystemRegister.TCR_EL1) | (1ul << 37));
        Assert.Equal(CodeVa + 4, RunToPc(1, Ldr(X0, Mem(X1)), (1, tagged)));
        Assert.Equal(7ul, _cpu.GetX(0));
    }

    [Fact]
    public void A_page_that_EL0_may_write_is_not_executed_at_EL1()
    {
        PageTables tables = Enable(12, 48);
        tables.Map(DataVa, Data, Plain | PageTables.User);
        VmExit exit = Run(1, Br(X1), (1, DataVa));
        Assert.Equal(ExceptionClass.Brk64, exit.ExceptionClass);
        Assert.Equal(VectorsVa + 0x200, _cpu.Pc);
        var syndrome = new Syndrome(_cpu.GetSystemRegister(SystemRegister.ESR_EL1));
        Assert.Equal((ExceptionClass.InstructionAbort, 0x0f), (syndrome.Class, syndrome.FaultStatus));
        Assert.Equal(DataVa, _cpu.GetSystemRegister(SystemRegister.FAR_EL1));
    }

    [Fact]
    public void A_changed_descriptor_counts_after_TLBI()
    {
        PageTables tables = Enable(12, 48);
        tables.Map(DataVa, Data, Plain);
        _machine.Memory.Write(Data, 1ul);
        _machine.Memory.Write(Data + 4096, 2ul);
        ulong place = tables.Place(DataVa, 3);
        tables.Map(0x5_0000, place & ~0xffful, Plain);
        Assert.Equal(ExceptionClass.Brk64, Run(1, [
            Ldr(X0, Mem(X1)), Str(X3, Mem(X2)), Dsb(Ish), Tlbi(TlbiOp.VMALLE1IS), Dsb(Ish), Isb(), Ldr(X4, Mem(X1)), Brk(0)],
            [(1, DataVa), (2, 0x5_0000 + (place & 0xfff)), (3, (Data + 4096) | Plain | 3)]).ExceptionClass);
        Assert.Equal((1ul, 2ul), (_cpu.GetX(0), _cpu.GetX(4)));
    }

    [Fact]
    public void Address_translation_instructions_fill_PAR()
    {
        PageTables tables = Enable(12, 48);
        tables.Map(DataVa, Data, Plain | PageTables.ReadOnly);
        Run(1, [At(AtOp.S1E1R, X1), Mrs(X2, SystemRegister.PAR_EL1), At(AtOp.S1E1W, X1), Mrs(X3, SystemRegister.PAR_EL1), At(AtOp.S1E0R, X1), Mrs(X4, SystemRegister.PAR_EL1), Brk(0)], [(1, DataVa + 0x123)]);
        Assert.Equal(Data, _cpu.GetX(2) & 0x0000_ffff_ffff_f000);
        Assert.Equal(0xfful, _cpu.GetX(2) >> 56);
        Assert.Equal((0ul, 3ul), (_cpu.GetX(2) & 1, (_cpu.GetX(2) >> 7) & 3));
        Assert.Equal(1ul | (0x0ful << 1), _cpu.GetX(3) & 0x7f);
        Assert.Equal(1ul | (0x0ful << 1), _cpu.GetX(4) & 0x7f);
    }

    // What is not cached is Outer Shareable, whatever the descriptor says (D24.2.138).
    [Theory]
    [InlineData(0xff, 3)]
    [InlineData(0x44, 2)]
    [InlineData(0x04, 2)]
    [InlineData(0x00, 2)]
    [InlineData(0x4f, 3)]
    public void PAR_says_how_memory_is_shared(ulong attributes, ulong shareability)
    {
        PageTables tables = Enable(12, 48);
        _cpu.SetSystemRegister(SystemRegister.MAIR_EL1, 0xff | (attributes << 8));
        tables.Map(DataVa, Data, Plain | (1 << 2));
        Run(1, [At(AtOp.S1E1R, X1), Mrs(X2, SystemRegister.PAR_EL1), Brk(0)], [(1, DataVa)]);
        Assert.Equal((attributes, shareability, 0ul), (_cpu.GetX(2) >> 56, (_cpu.GetX(2) >> 7) & 3, _cpu.GetX(2) & 1));
    }

    // Operation, attributes of the page or ulong.MaxValue for none, level, PSTATE, fault status or 0: only DC IVAC and EL0 need permission (D8.4.1.2.2).
    public static TheoryData<uint, ulong, int, uint, int> Maintenance => new()
    {
        { Dc(DcOp.CVAC, X1).Word, ulong.MaxValue, 1, 0, 0x04 }, { Ic(IcOp.IVAU, X1).Word, ulong.MaxValue, 1, 0, 0x04 }, { Dc(DcOp.IVAC, X1).Word, ulong.MaxValue, 1, 0, 0x04 },
        { Dc(DcOp.CIVAC, X1).Word, PageTables.ReadOnly, 1, 0, 0 }, { Dc(DcOp.IVAC, X1).Word, PageTables.ReadOnly, 1, 0, 0x0f }, { Dc(DcOp.IVAC, X1).Word, 0, 1, 0, 0 },
        { Dc(DcOp.CVAU, X1).Word, PageTables.User, 1, Pstate.PAN, 0 }, { Dc(DcOp.IVAC, X1).Word, PageTables.User, 1, Pstate.PAN, 0 },
        { Dc(DcOp.CVAP, X1).Word, 0, 0, 0, 0x0f }, { Dc(DcOp.CVAC, X1).Word, PageTables.User | PageTables.ReadOnly, 0, 0, 0 }, { Ic(IcOp.IVAU, X1).Word, 0, 0, 0, 0x0f },
    };

    [Theory]
    [MemberData(nameof(Maintenance))]
    public void Cache_maintenance_by_address_is_translated(uint word, ulong attributes, int level, uint pstate, int status)
    {
        const ulong Uci = 1 << 26, CM = 1 << 8;
        PageTables tables = Enable(12, 48);
        _cpu.SetSystemRegister(SystemRegister.SCTLR_EL1, _cpu.GetSystemRegister(SystemRegister.SCTLR_EL1) | Uci);
        if (attributes != ulong.MaxValue) tables.Map(DataVa, Data, Plain | attributes);
        VmExit exit = Run(level, word, (1, DataVa + 0x18), pstate);
        if (status == 0)
        {
            Assert.Equal((ExceptionClass.Brk64, CodeVa + 4), (exit.ExceptionClass, _cpu.Pc));
            return;
        }

        AssertDataFault(exit, status, DataVa + 0x18, write: true, level);
        Assert.Equal(CM, _cpu.GetSystemRegister(SystemRegister.ESR_EL1) & CM);
    }

    [Fact]
    public void A_table_outside_memory_ends_the_run_as_stage_2_does()
    {
        PageTables tables = Enable(12, 48);
        _machine.Memory.Write(tables.Place(DataVa, 0), 0x1000_0000ul | 3);
        VmExit exit = Run(1, Ldr(X0, Mem(X1)), (1, DataVa));
        Assert.Equal((VmExitReason.Exception, ExceptionClass.DataAbortLower), (exit.Reason, exit.ExceptionClass));
        Assert.NotEqual(0u, exit.Syndrome.Specific & (1 << 7));
        Assert.Equal(0x1000_0000ul >> 12, exit.PhysicalAddress >> 12);
    }

    [Fact]
    public void Unaligned_accesses_to_normal_memory_work_across_pages()
    {
        PageTables tables = Enable(12, 48);
        tables.Map(DataVa, Data, Plain);
        tables.Map(DataVa + 4096, Data + 0x8000, Plain);
        VmExit exit = Run(1, [Str(X0, Mem(X1)), Ldr(X2, Mem(X1)), Ldr(W3, Mem(X1, -2)), Stp(X0, X2, Mem(X1)), Brk(0)], [(0, 0x1122_3344_5566_7788), (1, DataVa + 4093)]);
        Assert.Equal(ExceptionClass.Brk64, exit.ExceptionClass);
        Assert.Equal(0x1122_3344_5566_7788ul, _cpu.GetX(2));
        Assert.Equal(0x11, _machine.Memory.Read<byte>(Data + 0x8004));
        Assert.Equal(0x7788_0000ul, _cpu.GetX(3) & 0xffff_0000);
    }

    [Fact]
    public void A_store_that_faults_on_its_second_page_writes_nothing()
    {
        PageTables tables = Enable(12, 48);
        tables.Map(DataVa, Data, Plain);
        _machine.Memory.Write(Data + 4088, 0xaaaa_aaaa_aaaa_aaaaul);
        AssertDataFault(Run(1, Str(X0, Mem(X1)), (1, DataVa + 4092)), 0x07, DataVa + 4096, write: true);
        Assert.Equal(0xaaaa_aaaa_aaaa_aaaaul, _machine.Memory.Read<ulong>(Data + 4088));
    }

    [Fact]
    public void Turning_the_MMU_on_in_the_guest_goes_on_under_the_new_map()
    {
        PageTables tables = Enable(12, 48);
        tables.Map(Ram, Ram, Plain);
        tables.Map(DataVa, Data, Plain);
        _machine.Memory.Write(Data, 99ul);
        _cpu.SetSystemRegister(SystemRegister.SCTLR_EL1, 0);
        uint[] program = Assemble(Msr(SystemRegister.SCTLR_EL1, X0), Isb(), Ldr(X2, Mem(X1)), Brk(0));
        _machine.Memory.Write(Ram, MemoryMarshal.AsBytes<uint>(program));
        _cpu.Pstate = Pstate.EL1h | Pstate.Daif;
        _cpu.Pc = Ram;
        _cpu.SetX(0, 1 | (1ul << 23));
        _cpu.SetX(1, DataVa);
        Assert.Equal(ExceptionClass.Brk64, _cpu.Run().ExceptionClass);
        Assert.Equal(99ul, _cpu.GetX(2));
    }

    // The same map below and above, code and vectors in it, MMU on.
    private PageTables Enable(int granule, int inputBits)
    {
        var tables = new PageTables(_machine, Tables, granule, inputBits);
        ulong pageMask = ~((1ul << granule) - 1);
        tables.Map(CodeVa & pageMask, Ram, Plain | PageTables.User | PageTables.ReadOnly);
        tables.Map(VectorsVa & pageMask, Vectors, Plain | PageTables.ReadOnly);
        uint[] brks = new uint[4096 / 4];
        Array.Fill(brks, 0xD420_0000);
        _machine.Memory.Write(Vectors, MemoryMarshal.AsBytes<uint>(brks));
        ulong size = (ulong)(64 - inputBits), lower = granule == 12 ? 0ul : granule == 14 ? 2ul : 1ul, upper = granule == 12 ? 2ul : granule == 14 ? 1ul : 3ul;
        _cpu.SetSystemRegister(SystemRegister.TCR_EL1, size | (size << 16) | (lower << 14) | (upper << 30) | (5ul << 32));
        _cpu.SetSystemRegister(SystemRegister.MAIR_EL1, 0xff);
        _cpu.SetSystemRegister(SystemRegister.TTBR0_EL1, tables.Root);
        _cpu.SetSystemRegister(SystemRegister.TTBR1_EL1, tables.Root);
        _cpu.SetSystemRegister(SystemRegister.VBAR_EL1, VectorsVa);
        _cpu.SetSystemRegister(SystemRegister.SCTLR_EL1, 1 | (1ul << 23));
        return tables;
    }

    private ulong RunToPc(int level, Instruction access, (int Register, ulong Value) input, uint pstate = 0)
    {
        Run(level, access, input, pstate);
        return _cpu.Pc;
    }

    private VmExit Run(int level, Instruction access, (int Register, ulong Value) input, uint pstate = 0) => Run(level, [access, Brk(0)], [input], pstate);

    private VmExit Run(int level, Instruction[] program, (int Register, ulong Value)[] inputs, uint pstate = 0)
    {
        _machine.Memory.Write(Ram, MemoryMarshal.AsBytes<uint>(Assemble(program)));
        _cpu.Pstate = (level == 0 ? Pstate.EL0t : Pstate.EL1h) | Pstate.Daif | pstate;
        _cpu.Pc = CodeVa;
        foreach ((int register, ulong value) in inputs) _cpu.SetX(register, value);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return _cpu.Run(limit.Token);
    }

    private void AssertDataFault(VmExit exit, int status, ulong address, bool write, int level = 1)
    {
        Assert.Equal(ExceptionClass.Brk64, exit.ExceptionClass);
        Assert.Equal(VectorsVa + (level == 0 ? 0x400ul : 0x200ul), _cpu.Pc);
        var syndrome = new Syndrome(_cpu.GetSystemRegister(SystemRegister.ESR_EL1));
        Assert.Equal((level == 0 ? ExceptionClass.DataAbortLower : ExceptionClass.DataAbort, status, write), (syndrome.Class, syndrome.FaultStatus, syndrome.IsWrite));
        Assert.Equal(address, _cpu.GetSystemRegister(SystemRegister.FAR_EL1));
        Assert.Equal(CodeVa, _cpu.GetSystemRegister(SystemRegister.ELR_EL1));
    }
}
