using System.Globalization;
using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Emulation;
using Armillary.Tests.Instructions;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Engine;

/// <summary>
/// The TLB against its rules: a guest with several address spaces changes its tables, does the maintenance that the architecture asks
/// for, and must then see its tables and nothing older (Arm ARM D8.16).
/// </summary>
public sealed class TlbTests : IDisposable
{
    private const ulong Ram = 0x4000_0000, RamSize = 64 << 20, Tables = Ram + (8 << 20), Frames = Ram + (16 << 20);
    private const ulong LoadCode = Ram, SwitchCode = Ram + 0x100, MaintenanceCode = Ram + 0x1000, Vectors = Ram + 0x10_0000;
    private const ulong Plain = PageTables.AccessFlag | PageTables.InnerShareable;
    private const int Spaces = 3, Pages = 24, FrameCount = 40;
    private const int FirstFormOfRange = 24;

    // SYS fields of the TLBI instructions of EL1: by page, then by range.
    private static readonly (int CRm, int Op2)[] s_forms =
    [
        .. new[] { 7, 3, 1 }.SelectMany(static crm => new[] { 1, 5, 3, 7, 2, 0, 1, 3 }, static (crm, op2) => (crm, op2)),
        .. new[] { 6, 2, 5 }.SelectMany(static crm => new[] { 1, 5, 3, 7 }, static (crm, op2) => (crm, op2)),
    ];

    private readonly VirtualMachine _machine = new SoftwareBackend().CreateVirtualMachine();
    private readonly VirtualCpu _cpu;

    public TlbTests()
    {
        _machine.Memory.Map(Ram, RamSize);
        _cpu = _machine.CreateVirtualCpu();
        _cpu.TrapDebugExceptions = true;
        Write(LoadCode, Ldr(X0, Mem(X1)), Brk(1));
        Write(SwitchCode, Msr(SystemRegister.TTBR0_EL1, X1), Isb(), Brk(2));
        for (int form = 0; form < s_forms.Length; form++) Write(MaintenanceOf(form), Sys(0, 8, s_forms[form].CRm, s_forms[form].Op2, X1), Dsb(Ish), Isb(), Brk(3));
        for (ulong entry = 0; entry < 16; entry++) Write(Vectors + (0x80 * entry), Brk(4));
        for (ulong frame = 0; frame < FrameCount; frame++)
        {
            for (ulong piece = 0; piece < 16; piece++) _machine.Memory.Write(Frames + (frame << 16) + (piece << 12), MarkOf((int)frame, (int)piece));
        }
    }

    public static TheoryData<int, ulong> Granules => new() { { 12, 1 }, { 12, 2 }, { 14, 3 }, { 16, 4 } };

    public void Dispose() => _machine.Dispose();

    [Theory]
    [MemberData(nameof(Granules))]
    public void After_maintenance_the_tables_are_what_the_guest_sees(int granule, ulong seed)
    {
        seed = ulong.TryParse(Environment.GetEnvironmentVariable("ARMILLARY_TLB_SEED"), CultureInfo.InvariantCulture, out ulong chosen) ? chosen : seed;
        var random = new SplitMix64(seed);
        PageTables[] spaces = [.. Enumerable.Range(0, Spaces).Select(space => MakeSpace(space, granule))];
        int[,] frames = new int[Spaces, Pages]; // 0: not mapped
        Enable(spaces[0], granule);
        int current = 0;
        for (int step = 0; step < 6000; step++)
        {
            int page = random.Next(Pages), space = random.Next(Spaces);
            switch (random.Next(8))
            {
                case 0:
                    current = space;
                    Run(SwitchCode, TableRegister(spaces[space], space));
                    break;
                case 1 or 2:
                    bool isGlobal = IsGlobal(page);
                    int frame = random.OneIn(4) ? 0 : 1 + random.Next(FrameCount - 1);
                    for (int s = isGlobal ? 0 : space; s < (isGlobal ? Spaces : space + 1); s++)
                    {
                        frames[s, page] = frame;
                        _machine.Memory.Write(spaces[s].Place(AddressOf(page, granule), 3), frame == 0 ? 0 : (Frames + ((ulong)frame << 16)) | Plain | 3 | (isGlobal ? 0 : PageTables.NotGlobal));
                    }

                    Maintain(random, page, space, isGlobal, granule);
                    break;
                default:
                    ulong piece = (ulong)random.Next(1 << (granule - 12)), va = AddressOf(page, granule) + (piece << 12);
                    bool mapped = Run(LoadCode, va) == 1;
                    ulong expected = frames[current, page] == 0 ? 0 : MarkOf(frames[current, page], (int)piece), found = mapped ? _cpu.GetX(0) : 0;
                    Assert.True(expected == found, $"Seed {seed}, step {step}: space {current}, page {page} holds 0x{found:x} and not 0x{expected:x}. ARMILLARY_TLB_SEED repeats it.");
                    break;
            }
        }
    }

    // What has been used is there after two switches, whatever the tables say meanwhile: that is what ASIDs are for.
    [Fact]
    public void A_switch_of_address_spaces_keeps_their_translations()
    {
        PageTables[] spaces = [.. Enumerable.Range(0, Spaces).Select(space => MakeSpace(space, 12))];
        Enable(spaces[0], 12);
        ulong va = AddressOf(1, 12), place = spaces[0].Place(va, 3);
        _machine.Memory.Write(place, (Frames + (1 << 16)) | Plain | 3 | PageTables.NotGlobal);
        Assert.Equal((1, MarkOf(1, 0)), (Run(LoadCode, va), _cpu.GetX(0)));
        _machine.Memory.Write(place, 0ul);
        Run(SwitchCode, TableRegister(spaces[1], 1));
        Assert.Equal(4, Run(LoadCode, va));
        Run(SwitchCode, TableRegister(spaces[0], 0));
        Assert.Equal((1, MarkOf(1, 0)), (Run(LoadCode, va), _cpu.GetX(0)));
        Run(MaintenanceOf(4), 2ul << 48); // ASIDE1 of another one
        Assert.Equal(1, Run(LoadCode, va));
        Run(MaintenanceOf(4), 1ul << 48);
        Assert.Equal(4, Run(LoadCode, va));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(24)]
    public void Maintenance_of_an_address_in_a_block_is_of_all_the_block(int form)
    {
        PageTables space = MakeSpace(0, 12);
        Enable(space, 12);
        ulong va = 0x6000_0000;
        space.Map(va, Frames & ~0x1f_fffful, Plain | PageTables.NotGlobal, level: 2);
        ulong first = va + (Frames & 0x1f_ffff), second = first + (3 << 16);
        Assert.Equal((1, MarkOf(0, 0)), (Run(LoadCode, first), _cpu.GetX(0)));
        Assert.Equal((1, MarkOf(3, 0)), (Run(LoadCode, second), _cpu.GetX(0)));
        _machine.Memory.Write(space.Place(va, 2), 0ul);
        Run(MaintenanceOf(form), (1ul << 48) | (form < FirstFormOfRange ? (first + 0x9000) >> 12 : (1ul << 46) | (first + 0x9000) >> 12));
        Assert.Equal(4, Run(LoadCode, second));
    }

    // One CPU stores through a page without end; the other one moves the page, and after DSB must see no more stores to where it was.
    [Theory]
    [InlineData(TlbiOp.VAE1IS)]
    [InlineData(TlbiOp.VMALLE1OS)]
    public void After_DSB_no_CPU_uses_an_old_translation(TlbiOp maintenance)
    {
        const int Moves = 3000;
        PageTables space = MakeSpace(0, 12);
        ulong va = AddressOf(0, 12), other = AddressOf(1, 12), third = AddressOf(2, 12), tablesVa = 0x7000_0000, place = space.Place(va, 3);
        ulong a = Frames, b = Frames + (1 << 16), flags = Plain | 3;
        _machine.Memory.Write(place, a | flags);
        space.Map(other, a, Plain);
        space.Map(third, b, Plain);
        space.Map(tablesVa, place & ~0xffful, Plain);
        Label loop = new("loop"), wait = new("wait"), move = new("move");
        ulong storer = Ram + 0x20_0000, mover = Ram + 0x20_1000;
        Write(storer, loop, Add(X0, X0, 1), Str(X0, Mem(X1)), Ldr(X3, Mem(X2)), Cbz(X3, loop), Brk(1));
        Write(mover,
            move, Str(X3, Mem(X1)), Dsb(Ish), Tlbi(maintenance, X4), Dsb(Ish),
            Ldr(X8, Mem(X6)), Movz(X10, 300), wait, Subs(X10, X10, 1), B(Ne, wait), Ldr(X9, Mem(X6)),
            Cmp(X8, X9), Cinc(X5, X5, Ne), Mov(X10, X2), Mov(X2, X3), Mov(X3, X10), Mov(X10, X6), Mov(X6, X7), Mov(X7, X10),
            Subs(X0, X0, 1), B(Ne, move), Str(X11, Mem(X12)), Brk(1));
        ulong stop = Frames + (5 << 16);
        _machine.Memory.Write(stop, 0ul);
        ulong stopVa = AddressOf(3, 12);
        space.Map(stopVa, stop, Plain);
        ulong violations = ulong.MaxValue, stores = 0;
        CpuThreads.Run(_machine, 2, (number, cpu) =>
        {
            Enable(space, 12, cpu);
            cpu.Pstate = Pstate.EL1h | Pstate.Daif;
            cpu.SetX(0, number == 0 ? 0ul : Moves);
            cpu.SetX(1, number == 0 ? va : tablesVa + (place & 0xfff));
            (ulong, int)[] rest = number == 0 ? [(stopVa, 2)] : [(a | flags, 2), (b | flags, 3), ((1ul << 48) | (va >> 12), 4), (0, 5), (other, 6), (third, 7), (1, 11), (stopVa, 12)];
            foreach ((ulong value, int register) in rest) cpu.SetX(register, value);
            cpu.Pc = number == 0 ? storer : mover;
            Assert.Equal((ExceptionClass.Brk64, 1ul), (Guest.Run(cpu).ExceptionClass, _machine.Memory.Read<ulong>(stop)));
            if (number == 0) stores = cpu.GetX(0);
            else violations = cpu.GetX(5);
        });
        Assert.True(violations == 0, $"{violations} of {Moves} moves saw stores through the old translation ({stores} stores).");
    }

    private static ulong MarkOf(int frame, int piece) => 0xabcd_0000ul | ((ulong)frame << 8) | (uint)piece;

    private static bool IsGlobal(int page) => page % 3 == 0;

    // Apart by one page, or by as much as makes two of them meet in the tables.
    private static ulong AddressOf(int page, int granule) => 0x5000_0000ul + ((ulong)(page / 2) << granule) + ((page & 1) != 0 ? 1024ul << granule : 0);

    private static ulong MaintenanceOf(int form) => MaintenanceCode + (0x20 * (ulong)form);

    private static ulong TableRegister(PageTables space, int number) => space.Root | ((ulong)(number + 1) << 48);

    private void Maintain(SplitMix64 random, int page, int space, bool isGlobal, int granule)
    {
        int form;
        do form = random.Next(s_forms.Length);
        while (isGlobal && s_forms[form].Op2 == 2); // not by ASID
        ulong va = AddressOf(page, granule), space16 = (ulong)(space + 1) << 48, argument = s_forms[form].Op2 == 2 ? space16 : space16 | (va >> 12);
        if (form >= FirstFormOfRange)
        {
            int before = random.Next(3), scale = random.Next(2), number = random.Next(4) + (before / 2);
            ulong size = granule switch { 12 => 1ul, 14 => 2, _ => 3 };
            argument = space16 | (size << 46) | ((ulong)scale << 44) | ((ulong)number << 39) | ((va >> granule) - (ulong)before + (before == 2 && number == 0 ? 1ul : 0));
        }

        Run(MaintenanceOf(form), argument);
    }

    private PageTables MakeSpace(int number, int granule)
    {
        var tables = new PageTables(_machine, Tables + ((ulong)number << 21), granule, 48);
        for (ulong page = Ram; page < Ram + 0x30_0000; page += 1ul << granule) tables.Map(page, page, Plain);
        for (int page = 0; page < Pages; page++) tables.Place(AddressOf(page, granule), 3);
        return tables;
    }

    private void Enable(PageTables tables, int granule, VirtualCpu? cpu = null)
    {
        cpu ??= _cpu;
        ulong lower = granule == 12 ? 0ul : granule == 14 ? 2ul : 1ul;
        cpu.SetSystemRegister(SystemRegister.TCR_EL1, 16 | (16 << 16) | (lower << 14) | (2ul << 30) | (5ul << 32) | (1ul << 36));
        cpu.SetSystemRegister(SystemRegister.MAIR_EL1, 0xff);
        cpu.SetSystemRegister(SystemRegister.TTBR0_EL1, TableRegister(tables, 0));
        cpu.SetSystemRegister(SystemRegister.VBAR_EL1, Vectors);
        cpu.SetSystemRegister(SystemRegister.SCTLR_EL1, 1 | (1ul << 23));
    }

    // The BRK that ended the run.
    private int Run(ulong code, ulong x1)
    {
        _cpu.Pstate = Pstate.EL1h | Pstate.Daif;
        _cpu.SetX(1, x1);
        _cpu.Pc = code;
        VmExit exit = Guest.Run(_cpu);
        Assert.Equal(ExceptionClass.Brk64, exit.ExceptionClass);
        return (int)(exit.Syndrome.Value & 0xffff);
    }

    private void Write(ulong address, params ReadOnlySpan<Instruction> program) => _machine.Memory.Write(address, MemoryMarshal.AsBytes(Assemble(address, program).AsSpan()));
}
