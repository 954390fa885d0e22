using Armillary.Arm64;
using static Armillary.Tests.Facade.ScriptedBackend;

namespace Armillary.Tests.Facade;

public sealed class ExitDescriptionTests
{
    private static string Describe(VmExit exit, ulong pc, Action<VirtualCpu>? prepare = null)
    {
        using var hypervisor = new Hypervisor(0x10000, 4096, new HypervisorOptions { Engine = new ScriptedBackend(_ => exit) });
        prepare?.Invoke(hypervisor.VirtualCpu);
        hypervisor.VirtualCpu.Pc = pc;
        return hypervisor.Run().Description;
    }

    private static VmExit Abort(ExceptionClass exceptionClass, ulong address, uint specific = 0)
        => Exit(exceptionClass, specific) with { VirtualAddress = address, PhysicalAddress = address };

    [Fact]
    public void A_guest_without_vectors_is_told_apart_from_a_wild_branch()
    {
        VmExit abort = Abort(ExceptionClass.InstructionAbortLower, 0x200);
        Assert.Equal("instruction abort at 0x200: no memory is there", Describe(abort, 0x200));
        Assert.Equal(
            "instruction abort at 0x200: the guest took an exception (Unknown, ESR_EL1 = 0x2000000, from PC ELR_EL1 = 0x10008) and VBAR_EL1 = 0x0 points to memory it cannot run: no memory is there",
            Describe(abort, 0x200, cpu =>
            {
                cpu.SetSystemRegister(SystemRegister.ESR_EL1, 0x2000000);
                cpu.SetSystemRegister(SystemRegister.ELR_EL1, 0x10008);
            }));
    }

    [Fact]
    public void A_fetch_that_the_memory_does_not_permit_says_what_it_permits()
    {
        using var hypervisor = new Hypervisor(0x10000, 4096, new HypervisorOptions { Engine = new ScriptedBackend(_ => Abort(ExceptionClass.InstructionAbortLower, 0x10000)) });
        GuestMemory memory = hypervisor.VirtualMachine.Memory;
        memory.Protect(memory.Regions[0], MemoryPermissions.ReadWrite);
        Assert.Equal("instruction abort at 0x10000: the memory at 0x10000-0x10fff permits ReadWrite", hypervisor.Run().Description);
    }

    [Fact]
    public void Every_exit_is_put_into_words()
    {
        Assert.Equal("HVC #3 at 0x10000 (x0 = 0x84000008)", Describe(Exit(ExceptionClass.Hvc64, 3), 0x10004, cpu => cpu.SetX(0, 0x84000008)));
        Assert.Equal("SMC #0 at 0x10000 (x0 = 0x0)", Describe(Exit(ExceptionClass.Smc64), 0x10004));
        Assert.Equal("data abort at 0x10000: write to 0x5 failed (fault status 0x10)", Describe(Abort(ExceptionClass.DataAbortLower, 5, 0x50), 0x10000));
        Assert.Equal("watchpoint on 0x10010 at 0x10000", Describe(Abort(ExceptionClass.WatchpointLower, 0x10010), 0x10000));
        Assert.Equal("hardware breakpoint at 0x10000", Describe(Exit(ExceptionClass.BreakpointLower), 0x10000));
        Assert.Equal("SError (EC 0x2f, syndrome 0xbe000000) at 0x10000", Describe(Exit(ExceptionClass.SError), 0x10000));
        var write = new VmExit { Reason = VmExitReason.Mmio, VirtualAddress = 0x20, PhysicalAddress = 0x9000000, Size = 2, IsWrite = true, Value = 0xab };
        Assert.Equal("write of 0xab (2 bytes) to 0x20 (physical 0x9000000) by 0x10000: no memory is there, and no device answers", Describe(write, 0x10000));
    }
}
