using Armillary.Arm64;
using Armillary.Emulation.Cpu;
using static Armillary.Arm64.SystemRegister;

namespace Armillary.Emulation.SystemRegisters;

/// <summary>The registers of self-hosted debug (Arm ARM D24.3). There is no external debugger, so its channels are empty.</summary>
internal static class DebugRegisters
{
    // MDSCR_EL1: SS, KDE and MDE, and TDCC, which traps EL0.
    private const ulong ControlMask = DebugUnit.SS | DebugUnit.KDE | DebugUnit.MDE | Tdcc, Tdcc = 1ul << 12;

    public static SystemRegisterRow[] Rows() =>
    [
        new(MDSCR_EL1) { Read = cpu => cpu.Debug.Control, Write = (cpu, v) => cpu.Debug.Control = v & ControlMask },
        new(OSLAR_EL1) { Write = (cpu, v) => cpu.Debug.IsLocked = (v & 1) != 0 },
        new(OSLSR_EL1) { Read = cpu => 8ul | (cpu.Debug.IsLocked ? 2u : 0) },
        new(OSDLR_EL1) { Read = _ => 0, Write = Ignore },     // no power domain to leave
        new(MDCCINT_EL1) { Read = _ => 0, Write = Ignore },
        new(MDRAR_EL1) { Read = _ => 0 },
        new(DBGPRCR_EL1) { Read = _ => 0, Write = Ignore },
        new(OSECCR_EL1) { Read = _ => 0, Write = Ignore },
        new(OSDTRRX_EL1) { Read = _ => 0, Write = Ignore },
        new(OSDTRTX_EL1) { Read = _ => 0, Write = Ignore },
        new(DBGCLAIMSET_EL1) { Read = _ => 0xff, Write = (cpu, v) => cpu.Debug.Claims |= (byte)v },
        new(DBGCLAIMCLR_EL1) { Read = cpu => cpu.Debug.Claims, Write = (cpu, v) => cpu.Debug.Claims &= (byte)~v },
        new(DBGAUTHSTATUS_EL1) { Read = _ => 0xa },           // nothing of the secure state; non-secure invasive debug is there and off
        new(MDCCSR_EL0) { Read = _ => 0, AllowedAtEL0 = IsChannelFree },
        new(DBGDTR_EL0) { Read = _ => 0, Write = Ignore, AllowedAtEL0 = IsChannelFree },
        new(DBGDTRTX_EL0) { Read = _ => 0, Write = Ignore, AllowedAtEL0 = IsChannelFree },
        .. Enumerable.Range(0, DebugUnit.Breakpoints).SelectMany(Breakpoint),
        .. Enumerable.Range(0, DebugUnit.Watchpoints).SelectMany(Watchpoint),
    ];

    private static SystemRegisterRow[] Breakpoint(int n) =>
    [
        new(Encoding(n, 4)) { Read = cpu => cpu.Debug.BreakpointValue(n), Write = (cpu, v) => cpu.Debug.SetBreakpointValue(n, v) },
        new(Encoding(n, 5)) { Read = cpu => cpu.Debug.BreakpointControl(n), Write = (cpu, v) => cpu.Debug.SetBreakpointControl(n, v) },
    ];

    private static SystemRegisterRow[] Watchpoint(int n) =>
    [
        new(Encoding(n, 6)) { Read = cpu => cpu.Debug.WatchpointValue(n), Write = (cpu, v) => cpu.Debug.SetWatchpointValue(n, v) },
        new(Encoding(n, 7)) { Read = cpu => cpu.Debug.WatchpointControl(n), Write = (cpu, v) => cpu.Debug.SetWatchpointControl(n, v) },
    ];

    private static SystemRegister Encoding(int n, int op2) => Arm64.SystemRegisters.Encode(2, 0, 0, n, op2);

    private static bool IsChannelFree(SoftwareVirtualCpu cpu) => (cpu.Debug.Control & Tdcc) == 0;

    private static void Ignore(SoftwareVirtualCpu cpu, ulong value)
    {
    }
}
