using Armillary.Arm64;
using Armillary.Emulation.Cpu;
using static Armillary.Arm64.SystemRegister;

namespace Armillary.Emulation.SystemRegisters;

/// <summary>The registers of the performance monitors (Arm ARM D24.5).</summary>
internal static class PerformanceRegisters
{
    // PMUSERENR_EL0: what EL0 may do with all, with the software increment, and reading that of cycles and those of events.
    private const uint EN = 1, SW = 2, CR = 4, ER = 8;

    // PMCEID0_EL0 and PMCEID1_EL0: a bit for each of the events 0 to 0x1f and 0x20 to 0x3f.
    private static readonly ulong s_events0 = Mask(0), s_events1 = Mask(0x20);

    public static SystemRegisterRow[] Rows() =>
    [
        Row(PMCR_EL0, p => p.Control | (PerformanceUnit.Counters << 11), (p, v) => p.WriteControl(v)),
        Row(PMCNTENSET_EL0, p => p.Enabled, (p, v) => p.Enable((uint)v, 0)),
        Row(PMCNTENCLR_EL0, p => p.Enabled, (p, v) => p.Enable(0, (uint)v)),
        Row(PMOVSCLR_EL0, p => p.Overflows, (p, v) => p.Overflows &= ~(uint)v),
        Row(PMOVSSET_EL0, p => p.Overflows, (p, v) => p.Overflows |= (uint)v & PerformanceUnit.All),
        Row(PMINTENSET_EL1, p => p.Interrupts, (p, v) => p.Interrupts |= (uint)v & PerformanceUnit.All),
        Row(PMINTENCLR_EL1, p => p.Interrupts, (p, v) => p.Interrupts &= ~(uint)v),
        new(PMSWINC_EL0) { Write = (cpu, v) => Change(cpu, p => p.Increment((uint)v, cpu.ExceptionLevel)), AllowedAtEL0 = cpu => Allows(cpu, EN | SW) },
        Row(PMSELR_EL0, p => p.Selected, (p, v) => p.Selected = (uint)v & 31, EN | ER, EN | ER),
        Row(PMCEID0_EL0, _ => s_events0, null),
        Row(PMCEID1_EL0, _ => s_events1, null),
        Row(PMCCNTR_EL0, p => p.Count(PerformanceUnit.Cycles), (p, v) => p.SetCount(PerformanceUnit.Cycles, v), EN | CR),
        Row(PMCCFILTR_EL0, p => p.Type(PerformanceUnit.Cycles), (p, v) => p.SetType(PerformanceUnit.Cycles, v)),
        Row(PMXEVTYPER_EL0, p => Selected(p) is { } n ? p.Type(n) : 0, (p, v) => ChangeSelected(p, n => p.SetType(n, v))),
        Row(PMXEVCNTR_EL0, p => Selected(p) is { } n and < PerformanceUnit.Counters ? p.Count(n) : 0, (p, v) => ChangeSelected(p, n => p.SetCount(n, v), PerformanceUnit.Counters), EN | ER),
        Row(PMUSERENR_EL0, p => p.User, (p, v) => p.User = (uint)v & 15, reading: null, writeLevel: 1),
        Row(PMMIR_EL1, _ => 0, null),
        .. Enumerable.Range(0, PerformanceUnit.Counters).SelectMany(Counter),
    ];

    private static SystemRegisterRow[] Counter(int n) =>
    [
        Row(Arm64.SystemRegisters.Encode(3, 3, 14, 8, n), p => p.Count(n), (p, v) => p.SetCount(n, v), EN | ER),
        Row(Arm64.SystemRegisters.Encode(3, 3, 14, 12, n), p => p.Type(n), (p, v) => p.SetType(n, v)),
    ];

    private static SystemRegisterRow Row(SystemRegister register, Func<PerformanceUnit, ulong> read, Action<PerformanceUnit, ulong>? write, uint? reading = EN, uint writing = EN, int? writeLevel = null) => new(register)
    {
        Read = cpu =>
        {
            cpu.UpdateCycles();
            return read(cpu.Performance);
        },
        Write = write is null ? null : (cpu, v) => Change(cpu, p => write(p, v)),
        WriteLevel = writeLevel ?? (register.Op1() == 3 ? 0 : 1),
        Resynchronizes = write is not null,
        AllowedAtEL0 = register.Op1() == 3 ? cpu => Allows(cpu, writing) : null,
        ReadableAtEL0 = register.Op1() == 3 ? cpu => reading is null || Allows(cpu, reading.Value) : null,
    };

    private static void Change(SoftwareVirtualCpu cpu, Action<PerformanceUnit> change)
    {
        cpu.UpdateCycles();
        change(cpu.Performance);
        cpu.UpdatePerformanceOutput();
    }

    private static bool Allows(SoftwareVirtualCpu cpu, uint bits) => (cpu.Performance.User & bits) != 0;

    // PMSELR_EL0: 31 is the counter of cycles; a number that no counter has is ignored, one of the choices of D24.5.20.
    private static int? Selected(PerformanceUnit unit) => unit.Selected switch
    {
        31 => PerformanceUnit.Cycles,
        < PerformanceUnit.Counters => (int)unit.Selected,
        _ => null,
    };

    private static void ChangeSelected(PerformanceUnit unit, Action<int> change, int limit = PerformanceUnit.Counters + 1)
    {
        if (Selected(unit) is { } n && n < limit) change(n);
    }

    private static ulong Mask(int first)
    {
        ulong mask = 0;
        foreach (PerformanceEvent known in Enum.GetValues<PerformanceEvent>())
        {
            if ((int)known >= first && (int)known < first + 32) mask |= 1ul << ((int)known - first);
        }

        return mask;
    }
}
