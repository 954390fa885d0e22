using static Armillary.Machine.Psci.PsciFunctions;

namespace Armillary.Machine.Psci;

/// <summary>What a guest's HVC and SMC ask for: PSCI 1.1, the discovery of SMCCC 1.1, random numbers. One for all virtual CPUs.</summary>
/// <param name="cpus">The virtual CPUs.</param>
/// <param name="entropy">Where random numbers come from; null, and there is no such service.</param>
/// <param name="stop">Ends the machine.</param>
internal sealed class Firmware(CpuPower[] cpus, Action<Span<byte>>? entropy, Action<MachineExit> stop)
{
    private const ulong Affinity = 0xff_00ff_ffff;

    private readonly RandomNumbers? _random = entropy is null ? null : new(entropy);

    /// <summary>Serves a call of the CPU whose turn it is: the function in X0, the result there too.</summary>
    public void Serve(VirtualCpu cpu) => cpu.SetX(0, (ulong)Call((uint)cpu.GetX(0), cpu));

    private long Call(uint function, VirtualCpu cpu) => function switch
    {
        SMCCC_VERSION => 0x1_0001,
        SMCCC_ARCH_FEATURES => Argument(cpu, 1) is SMCCC_VERSION or SMCCC_ARCH_FEATURES ? 0 : NotSupported,
        PSCI_VERSION => 0x1_0001,
        CPU_SUSPEND32 or CPU_SUSPEND64 => Suspend(Argument(cpu, 1), cpu),
        CPU_OFF => Off(cpu),
        CPU_ON32 => On(Argument(cpu, 1), Argument(cpu, 2), Argument(cpu, 3), cpu),
        CPU_ON64 => On(cpu.GetX(1), cpu.GetX(2), cpu.GetX(3), cpu),
        AFFINITY_INFO32 => Info(Argument(cpu, 1), Argument(cpu, 2)),
        AFFINITY_INFO64 => Info(cpu.GetX(1), cpu.GetX(2)),
        MIGRATE_INFO_TYPE => 2, // no trusted OS
        SYSTEM_OFF => Stop(MachineExitReason.PowerOff, "The guest switched the machine off."),
        SYSTEM_RESET => Reset(),
        SYSTEM_RESET2_32 or SYSTEM_RESET2_64 => Argument(cpu, 1) is 0 or >= VendorReset ? Reset() : InvalidParameters,
        PSCI_FEATURES => IsKnown(Argument(cpu, 1)) ? 0 : NotSupported,
        >= TRNG_VERSION and <= TRNG_RND32 or TRNG_RND64 => _random?.Call(function, cpu) ?? NotSupported,
        _ => NotSupported,
    };

    private static bool IsKnown(uint function) => function is PSCI_VERSION or CPU_SUSPEND32 or CPU_SUSPEND64 or CPU_OFF or CPU_ON32 or CPU_ON64
        or AFFINITY_INFO32 or AFFINITY_INFO64 or MIGRATE_INFO_TYPE or SYSTEM_OFF or SYSTEM_RESET or SYSTEM_RESET2_32 or SYSTEM_RESET2_64
        or PSCI_FEATURES or SMCCC_VERSION;

    private static uint Argument(VirtualCpu cpu, int register) => (uint)cpu.GetX(register);

    // A CPU's standby; a power-down may be made one (DEN0022 5.4.2). Its level is 0: there is nothing above a CPU.
    private static long Suspend(uint state, VirtualCpu cpu)
    {
        const uint StateIdAndType = 0x1_ffff;
        if ((state & ~StateIdAndType) != 0) return InvalidParameters;
        cpu.WaitForInterrupt();
        return 0;
    }

    private long Off(VirtualCpu cpu)
    {
        cpus[cpu.Index].TurnOff();
        return 0;
    }

    private long On(ulong target, ulong entry, ulong context, VirtualCpu caller)
    {
        if ((target & ~Affinity) != 0 || Gic.GicV3.CpuOf(target) is var index && index >= cpus.Length) return InvalidParameters;
        if ((entry & 3) != 0 || !caller.VirtualMachine.Memory.IsMapped(entry, 4)) return InvalidAddress;
        return cpus[index].TurnOn(entry, context);
    }

    // Level 0 alone: a CPU, no cluster.
    private long Info(ulong target, ulong level)
    {
        if (level != 0 || (target & ~Affinity) != 0 || Gic.GicV3.CpuOf(target) is var index && index >= cpus.Length) return InvalidParameters;
        return cpus[index].AffinityInfo;
    }

    private long Reset() => Stop(MachineExitReason.Reset, "The guest asked for a reset.");

    private long Stop(MachineExitReason reason, string message)
    {
        stop(new MachineExit(reason, message));
        return 0;
    }
}
