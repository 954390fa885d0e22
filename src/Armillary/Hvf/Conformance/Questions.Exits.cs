using System.Globalization;
using Armillary.Arm64;
using Armillary.Hvf.Interop;

namespace Armillary.Hvf.Conformance;

// How exits look: class, PC and syndrome.
internal sealed unsafe partial class Questions
{
    private const uint Brk = 0xd420_0000, Hvc = 0xd400_0002, Nop = 0xd503_201f, LoopHere = 0x1400_0000;

    private void AskAboutExits()
    {
        AskExit("exit.brk", "BRK with debug exceptions trapped", "EC 0x3c at code+4", Nop, Brk);
        AskExit("exit.hvc", "HVC: PC is behind it", "EC 0x16 at code+8", Nop, Hvc);
        AskExit("exit.smc", "SMC", "EC 0x17 at code+4", Nop, 0xd400_0003);
        AskExit("exit.wfi", "WFI", "EC 0x01 at code+4", Nop, 0xd503_207f);
        AskExit("exit.wfe", "WFE: ends the run, or HVC is reached", null, Nop, 0xd503_205f, Hvc);
        AskExit("exit.undefined", "an undefined instruction goes to the guest's vector", "EC 0x20 at 0x800200", Nop, 0);
        AskExit("exit.fetch", "a branch to where no memory is", "EC 0x20 at 0x9000000", 0xd2a1_2001, 0xd61f_0020); // mov x1, #0x9000000; br x1
        AskGuest("exit.brk-untrapped", "BRK without debug exceptions trapped", "EC 0x20 at 0x800200", guest =>
        {
            guest.Reset(trapDebug: false);
            return guest.Describe(guest.Run(Nop, Brk));
        });
        AskGuest("exit.step", "a single step ends behind the instruction", "EC 0x32 at code+4", guest =>
        {
            guest.Set(SystemRegister.MDSCR_EL1, 1);
            guest.Set(hv_reg_t.HV_REG_CPSR, Pstate.Daif | Pstate.EL1h | Pstate.SS);
            return guest.Describe(guest.Run(Nop, Nop));
        });
        AskGuest("exit.breakpoint", "a breakpoint ends before its instruction", "EC 0x30 at code+4", guest =>
        {
            guest.Set(SystemRegister.MDSCR_EL1, (1 << 15) | (1 << 13));
            guest.Set(SystemRegister.DBGBVR0_EL1, RawGuest.Address + 4);
            guest.Set(SystemRegister.DBGBCR0_EL1, 0x1e7);
            guest.Set(hv_reg_t.HV_REG_CPSR, Pstate.EL1h | Pstate.I | Pstate.F | Pstate.A);
            return guest.Describe(guest.Run(Nop, Nop, Hvc));
        });

        const string Described = "ISV 1 SAS 3 SSE 0 SRT 0 SF 1 WnR 0";
        AskAbort("abort.load", "LDR X0 of no memory", Described, 0xf940_0020);
        AskAbort("abort.load-signed", "LDRSB W3 of no memory", "ISV 1 SAS 0 SSE 1 SRT 3 SF 0 WnR 0", 0x39c0_0023);
        AskAbort("abort.store-zero", "STR XZR to no memory", "ISV 1 SAS 3 SSE 0 SRT 31 SF 1 WnR 1", 0xf900_003f);
        AskAbort("abort.pair", "LDP of no memory has no syndrome", "ISV 0 WnR 0", 0xa940_1020);
        AskAbort("abort.vector", "STR Q to no memory has no syndrome", "ISV 0 WnR 1", 0x3d80_0022);
        AskAbort("abort.write-back", "LDR with write-back of no memory has no syndrome", "ISV 0 WnR 0", 0xf840_8420);
        AskAbort("abort.atomic", "LDADD to no memory", null, 0xb822_0020);
        AskAbort("abort.zero-block", "DC ZVA of no memory", null, 0xd50b_7421);
        AskAbort("abort.clean", "DC CIVAC of no memory", null, 0xd50b_7e21);
        AskGuest("abort.status", "fault status of a load of no memory, and of a store to read-only memory", null, guest =>
        {
            guest.SetX(1, RawGuest.Device);
            uint translation = new Syndrome(guest.Run(0xf940_0020).exception.syndrome).Specific & 0x3f;
            Framework.hv_vm_protect(RawGuest.Data, HvfOptions.DefaultPageSize, hv_memory_flags_t.HV_MEMORY_READ);
            guest.SetX(1, RawGuest.Data);
            uint permission = new Syndrome(guest.Run(0xf900_0020).exception.syndrome).Specific & 0x3f;
            return $"0x{translation:x2}, 0x{permission:x2}";
        });
        AskGuest("abort.address", "the physical address of an abort has the offset in the page", "yes", guest =>
        {
            guest.SetX(1, RawGuest.Device + 0x128);
            ulong address = guest.Run(0xf940_0020).exception.physical_address;
            return address == RawGuest.Device + 0x128 ? "yes" : Hex(address);
        });
        AskGuest("code.stale", "code that the host changes without maintenance after it ran", null, guest => Rewrite(guest, maintain: false));
        AskGuest("code.maintained", "the same with sys_icache_invalidate", "the new code runs", guest => Rewrite(guest, maintain: true));
    }

    private void AskExit(string id, string question, string? expected, params uint[] words) => AskGuest(id, question, expected, guest => guest.Describe(guest.Run(words)));

    private void AskAbort(string id, string question, string? expected, uint word) => AskGuest(id, question, expected, guest =>
    {
        guest.SetX(1, RawGuest.Device);
        hv_vcpu_exit_t exit = guest.Run(word, Hvc);
        var syndrome = new Syndrome(exit.exception.syndrome);
        if (syndrome.Class != ExceptionClass.DataAbortLower) return guest.Describe(exit);
        uint s = syndrome.Specific;
        string isv = (s >> 24 & 1) == 0 ? "ISV 0" : string.Create(CultureInfo.InvariantCulture, $"ISV 1 SAS {s >> 22 & 3} SSE {s >> 21 & 1} SRT {s >> 16 & 31} SF {s >> 15 & 1}");
        return $"{isv} WnR {s >> 6 & 1}{((s >> 8 & 1) != 0 ? " CM" : "")}{(guest.Pc == RawGuest.Address ? "" : " PC moved")}";
    });

    private static string Rewrite(RawGuest guest, bool maintain)
    {
        guest.Run(0xd280_0020, Hvc); // mov x0, #1
        guest.Write([0xd280_0040, Hvc], maintain); // mov x0, #2
        guest.Run();
        return guest.X(0) == 2 ? "the new code runs" : "the old code runs";
    }
}
