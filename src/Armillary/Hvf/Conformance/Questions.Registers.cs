using System.Runtime.Intrinsics;
using Armillary.Arm64;
using Armillary.Hvf.Interop;

namespace Armillary.Hvf.Conformance;

// What a fresh virtual CPU holds, what identification may be changed, and which registers trap.
internal sealed partial class Questions
{
    private static readonly SystemRegister[] s_identification =
    [
        SystemRegister.MIDR_EL1, SystemRegister.ID_AA64PFR0_EL1, SystemRegister.ID_AA64PFR1_EL1, SystemRegister.ID_AA64DFR0_EL1, SystemRegister.ID_AA64DFR1_EL1,
        SystemRegister.ID_AA64ISAR0_EL1, SystemRegister.ID_AA64ISAR1_EL1, SystemRegister.ID_AA64MMFR0_EL1, SystemRegister.ID_AA64MMFR1_EL1, SystemRegister.ID_AA64MMFR2_EL1,
    ];

    private void AskAboutRegisters()
    {
        foreach (hv_reg_t register in Enum.GetValues<hv_reg_t>()) AskFresh($"fresh.{register}", guest => Hex(guest.Get(register)));
        foreach (SystemRegister register in (ReadOnlySpan<SystemRegister>)[SystemRegister.SCTLR_EL1, SystemRegister.CPACR_EL1, SystemRegister.MPIDR_EL1, SystemRegister.VBAR_EL1, SystemRegister.TCR_EL1, SystemRegister.MDSCR_EL1, SystemRegister.CNTV_CTL_EL0, SystemRegister.CNTKCTL_EL1, SystemRegister.ACTLR_EL1, .. s_identification])
        {
            AskFresh($"fresh.{register.Name()}", guest => guest.Get(register) is { } value ? Hex(value) : "refused");
        }

        foreach (SystemRegister register in s_identification) AskGuest($"writable.{register.Name()}", "bits of the register that a virtual CPU takes", null, guest => Writable(guest, register));
        AskGuest("vector.whole", "a vector register keeps its 128 bits", "yes", guest =>
        {
            var value = Vector128.Create(0x1122_3344_5566_7788ul, 0x99aa_bbcc_ddee_ff01ul).AsByte();
            Vector128<byte> read;
            unsafe
            {
                HvfCall.Check(Framework.SetVector(guest.Id, 7, value), "hv_vcpu_set_simd_fp_reg");
                HvfCall.Check(Framework.hv_vcpu_get_simd_fp_reg(guest.Id, 7, &read), "hv_vcpu_get_simd_fp_reg");
            }

            return read == value ? "yes" : $"no: {read}";
        });
        AskGuest("system.MDCR_EL2", "which of the two published values names MDCR_EL2 (0xe089, 0xe019), without EL2", null, guest =>
            $"0xe089: {(guest.Get((SystemRegister)0xe089) is null ? "refused" : "read")}, 0xe019: {(guest.Get((SystemRegister)0xe019) is null ? "refused" : "read")}");
        AskGuest("trap.registers", "system registers whose MRS at EL1 ends the run", null, guest => Accesses(guest, trapped: true));
        AskGuest("trap.undefined", "system registers whose MRS at EL1 is undefined to the guest", null, guest => Accesses(guest, trapped: false));
    }

    private void AskFresh(string id, Func<RawGuest, string> answer) => Ask(id, "value in a fresh virtual CPU", null, () =>
    {
        using var guest = new RawGuest(_host);
        return answer(guest);
    });

    private static string Writable(RawGuest guest, SystemRegister register)
    {
        if (guest.Get(register) is not { } value) return "refused";
        ulong mask = 0;
        for (int bit = 0; bit < 64; bit++)
        {
            guest.Set(register, value ^ (1ul << bit));
            if (guest.Get(register) == (value ^ (1ul << bit))) mask |= 1ul << bit;
            guest.Set(register, value);
        }

        return Hex(mask);
    }

    // MRS X0 of every register that has a name here.
    private static string Accesses(RawGuest guest, bool trapped)
    {
        var names = new List<string>();
        foreach (SystemRegister register in Enum.GetValues<SystemRegister>())
        {
            guest.Reset();
            uint mrs = 0xd530_0000 | ((uint)register & 0x7fff) << 5 | (register.Op0() == 3 ? 1u << 19 : 0);
            hv_vcpu_exit_t exit = guest.Run(mrs, 0xd400_0002); // mrs x0, register; hvc #0
            ExceptionClass met = new Syndrome(exit.exception.syndrome).Class;
            if (trapped ? met == ExceptionClass.SystemRegister : met == ExceptionClass.InstructionAbortLower) names.Add(register.Name());
        }

        return names.Count == 0 ? "none" : string.Join(' ', names);
    }
}
