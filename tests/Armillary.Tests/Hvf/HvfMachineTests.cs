using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Hvf;
using Armillary.Hvf.Interop;
using Armillary.Tests.Engine;
using Armillary.Tests.Guests;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Hvf;

/// <summary>Machines of Hypervisor.framework: what they can be made of, and what is refused in which words.</summary>
public sealed unsafe class HvfMachineTests : ShimTest
{
    private const int HV_DENIED = unchecked((int)0xfae94007), HV_UNSUPPORTED = unchecked((int)0xfae9400f), HV_NO_RESOURCES = unchecked((int)0xfae94005);

    [Fact]
    public void A_process_has_one_machine()
    {
        using VirtualMachine first = Engine().CreateVirtualMachine();
        ArmillaryException error = Assert.Throws<ArmillaryException>(() => Engine().CreateVirtualMachine());
        Assert.Equal("This process has a virtual machine of Hypervisor.framework already, which allows one. Dispose it first, or give the second to --engine software.", error.Message);
    }

    [Fact]
    public void Without_the_entitlement_the_signature_is_named_and_the_fix()
    {
        Shim.Configuration->Entitlements = null;
        EngineStatus status = Engine().Probe();
        Assert.False(status.IsAvailable);
        Assert.Contains("lacks the entitlement com.apple.security.hypervisor", status.Reason, StringComparison.Ordinal);
        Assert.StartsWith(Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? "Start the program by its own executable" : $"armillary sign '{Environment.ProcessPath}'", status.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<plist><dict><key>com.apple.security.hypervisor</key><false/></dict></plist>")]
    [InlineData("<plist><dict><key>com.apple.security.hypervisor.other</key><true/></dict></plist>")]
    public void An_entitlement_that_is_not_true_does_not_count(string list)
    {
        nint text = Marshal.StringToCoTaskMemUTF8(list);
        Shim.Configuration->Entitlements = (byte*)text;
        Assert.False(Engine().Probe().IsAvailable);
        Shim.Configuration->Entitlements = null;
        Marshal.FreeCoTaskMem(text);
    }

    [Fact]
    public void What_the_framework_refuses_at_creation_has_its_own_words()
    {
        Shim.Configuration->CreateResult = HV_DENIED;
        Assert.Contains("com.apple.security.hypervisor", Assert.Throws<EngineUnavailableException>(() => Engine().CreateVirtualMachine()).Message, StringComparison.Ordinal);
        Shim.Configuration->CreateResult = HV_UNSUPPORTED;
        Assert.Contains("hosted CI runners", Assert.Throws<EngineUnavailableException>(() => Engine().CreateVirtualMachine()).Message, StringComparison.Ordinal);
        Shim.Configuration->CreateResult = HV_NO_RESOURCES;
        Assert.Contains("128 are in use on this Mac (sysctl kern.hv.max_address_spaces)", Assert.Throws<EngineUnavailableException>(() => Engine().CreateVirtualMachine()).Message, StringComparison.Ordinal);
        Shim.Configuration->CreateResult = -1;
        Assert.Equal("Hypervisor.framework refused hv_vm_create: an unknown error (0xffffffff).", Assert.Throws<ArmillaryException>(() => Engine().CreateVirtualMachine()).Message);
    }

    [Fact]
    public void A_Mac_without_virtualization_says_so_before_anything_is_created()
    {
        Shim.Configuration->HvSupport = 0;
        EngineUnavailableException error = Assert.Throws<EngineUnavailableException>(() => Engine().CreateVirtualMachine());
        Assert.Contains("kern.hv_support is not 1; Apple M0, macOS 26.0 (25A000)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Shim.TakeLog(), line => line.StartsWith("hv_vm_create", StringComparison.Ordinal));
    }

    [Fact]
    public void A_thread_has_one_virtual_CPU()
    {
        using VirtualMachine machine = Engine().CreateVirtualMachine();
        machine.CreateVirtualCpu();
        Assert.StartsWith("This thread has a virtual CPU already", Assert.Throws<ArmillaryException>(machine.CreateVirtualCpu).Message, StringComparison.Ordinal);
        Assert.Single(machine.VirtualCpus);
    }

    [Fact]
    public void A_virtual_CPU_is_disposed_by_its_thread()
    {
        VirtualMachine machine = Engine().CreateVirtualMachine();
        using var created = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        VirtualCpu? cpu = null;
        var owner = HostThread.Start(() =>
        {
            cpu = machine.CreateVirtualCpu();
            created.Set();
            end.Wait();
            cpu.Dispose();
        });
        created.Wait(TestContext.Current.CancellationToken);
        Assert.Throws<VirtualCpuThreadException>(() => cpu!.GetX(0));
        Assert.Throws<VirtualCpuThreadException>(cpu!.Dispose);
        Assert.Throws<VirtualCpuThreadException>(machine.Dispose);
        cpu.RequestExit();
        end.Set();
        owner.Join();
        machine.Dispose();
        cpu.RequestExit();
    }

    [Fact]
    public void Memory_is_of_16_KiB_pages_and_the_facade_rounds()
    {
        using (VirtualMachine machine = Engine().CreateVirtualMachine())
        {
            Assert.Equal(16384, machine.PageSize);
            Assert.Contains("page of 0x4000 bytes", Assert.Throws<GuestMemoryException>(() => machine.Memory.Map(0x1000, 0x4000)).Message, StringComparison.Ordinal);
            Assert.Contains("page of 0x4000 bytes", Assert.Throws<GuestMemoryException>(() => machine.Memory.Map(0x4000, 0x1000)).Message, StringComparison.Ordinal);
        }

        using var hypervisor = new Hypervisor(0x10000, 4096, new HypervisorOptions { Engine = Engine() });
        Assert.Equal(16384ul, hypervisor.MemorySize);
        Assert.Throws<GuestMemoryException>(() => hypervisor.WriteData(16384, 1));
    }

    [Fact]
    public void Pages_may_be_of_4_KiB()
    {
        using VirtualMachine machine = Engine(new HvfOptions { PageSize = 4096 }).CreateVirtualMachine();
        Assert.Equal(4096, machine.PageSize);
        machine.Memory.Map(0x1000, 0x1000);
        Assert.Contains(Shim.TakeLog(), line => line == "hv_vm_config_set_ipa_granule(0)");
        Assert.Throws<ArgumentOutOfRangeException>(() => new HvfBackend(new HvfOptions { PageSize = 65536 }));
    }

    [Fact]
    public void Addresses_have_the_bits_that_were_asked_for()
    {
        using (VirtualMachine machine = Engine().CreateVirtualMachine())
        {
            GuestMemoryException error = Assert.Throws<GuestMemoryException>(() => machine.Memory.Map(1ul << 36, 0x4000));
            Assert.Contains("36-bit guest physical addresses of this virtual machine. Fix: ask for more by HvfOptions.AddressBits", error.Message, StringComparison.Ordinal);
        }

        using (VirtualMachine machine = Engine(new HvfOptions { AddressBits = 40 }).CreateVirtualMachine()) machine.Memory.Map(1ul << 39, 0x4000);
        Assert.Contains("at most 40 bits", Assert.Throws<EngineUnavailableException>(() => Engine(new HvfOptions { AddressBits = 48 }).CreateVirtualMachine()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EL2_is_there_for_those_who_ask()
    {
        using (VirtualMachine machine = Engine(new HvfOptions { HasEL2 = true }).CreateVirtualMachine())
        {
            VirtualCpu cpu = machine.CreateVirtualCpu();
            cpu.Pstate = Pstate.Daif | Pstate.EL2h;
            Assert.Equal(1ul, cpu.GetSystemRegister(SystemRegister.ID_AA64PFR0_EL1) >> 8 & 15);
            cpu.SetSystemRegister(SystemRegisters.Encode(3, 4, 1, 1, 0), 1ul << 31); // HCR_EL2
            Assert.Equal(1ul << 31, cpu.GetSystemRegister(SystemRegisters.Encode(3, 4, 1, 1, 0)));
        }

        using (VirtualMachine machine = Engine().CreateVirtualMachine())
        {
            VirtualCpu cpu = machine.CreateVirtualCpu();
            Assert.Throws<ArgumentOutOfRangeException>(() => cpu.Pstate = Pstate.EL2h);
        }

        Shim.Configuration->EL2Supported = 0;
        Assert.Contains("no EL2 for guests here", Assert.Throws<EngineUnavailableException>(() => Engine(new HvfOptions { HasEL2 = true }).CreateVirtualMachine()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_frameworks_interrupt_controller_comes_before_virtual_CPUs_and_replaces_pending_lines()
    {
        using var machine = (HvfVirtualMachine)Engine().CreateVirtualMachine();
        Assert.Throws<ArgumentException>(() => machine.CreateGic(0x800_0000, 0x800_0000));
        Assert.Throws<ArgumentException>(() => machine.CreateGic(0x800_1000, 0x80a_0000));
        HvfGic gic = machine.CreateGic(0x800_0000, 0x80a_0000);
        machine.Memory.Map(0x10000, 0x4000);
        machine.Memory.Write(0x10000, MemoryMarshal.AsBytes(Assemble(0x10000, [Brk(1)]).AsSpan()));
        VirtualCpu cpu = machine.CreateVirtualCpu();
        Assert.Equal(1ul << 24, cpu.GetSystemRegister(SystemRegister.ID_AA64PFR0_EL1) & 0x0f00_0000);
        gic.SetShared(40, true);
        Assert.Throws<ArgumentOutOfRangeException>(() => gic.SetShared(31, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => gic.SetShared(1020, true));
        ulong id = ((HvfVirtualCpu)cpu).Id;
        foreach (ushort register in HvfGic.CpuInterfaceRegisters) gic.WriteCpuInterface(id, register, register);
        byte[] state = gic.Save();
        gic.Restore(state);
        Assert.All(HvfGic.CpuInterfaceRegisters, register => Assert.Equal(register, gic.ReadCpuInterface(id, register)));
        Assert.Throws<ArmillaryException>(() => gic.Restore(state.AsSpan(1)));
        cpu.TrapDebugExceptions = true;
        cpu.Pc = 0x10000;
        cpu.SetInterruptLine(InterruptLine.Irq, true);
        Assert.Equal(ExceptionClass.Brk64, cpu.Run().ExceptionClass);
        string[] log = Shim.TakeLog();
        Assert.DoesNotContain(log, line => line.StartsWith("hv_vcpu_set_pending_interrupt", StringComparison.Ordinal));
        Assert.True(Array.FindIndex(log, l => l.StartsWith("hv_gic_create", StringComparison.Ordinal)) < Array.FindIndex(log, l => l.StartsWith("hv_vcpu_create", StringComparison.Ordinal)));
        Assert.Throws<InvalidOperationException>(() => machine.CreateGic(0x800_0000, 0x80a_0000));
    }

    [Fact]
    public void Calls_that_would_break_the_contract_are_seen_by_the_shim()
    {
        // The shim itself: what it is for must be seen when it happens.
        var host = HvfHost.Load(Shim.Path);
        HypervisorFramework framework = host.Framework;
        Assert.Equal(hv_return_t.HV_SUCCESS, framework.hv_vm_create(0));
        Assert.NotEqual(hv_return_t.HV_SUCCESS, framework.hv_vm_map((void*)0x1000, 0x4000, 0x4000, hv_memory_flags_t.HV_MEMORY_READ));
        Assert.Single(TakeViolations(), v => v.StartsWith("hv_vm_map", StringComparison.Ordinal));
        ulong id;
        hv_vcpu_exit_t* record;
        Assert.Equal(hv_return_t.HV_SUCCESS, framework.hv_vcpu_create(&id, &record, 0));
        ulong created = id;
        HostThread.Start(() =>
        {
            ulong value;
            Assert.Equal(hv_return_t.HV_BAD_ARGUMENT, framework.hv_vcpu_get_reg(created, hv_reg_t.HV_REG_PC, &value));
        }).Join();
        Assert.Single(TakeViolations(), v => v.EndsWith("belongs to another thread", StringComparison.Ordinal));
        Assert.Equal(hv_return_t.HV_BUSY, framework.hv_vm_destroy());
        Assert.Single(TakeViolations());
        Assert.Equal(hv_return_t.HV_SUCCESS, framework.hv_vcpu_destroy(id));
        Assert.Equal(hv_return_t.HV_BAD_ARGUMENT, framework.hv_vcpu_run(id));
        Assert.Single(TakeViolations());
        Assert.Equal(hv_return_t.HV_SUCCESS, framework.hv_vm_destroy());
    }

    [Fact]
    public void Threads_with_virtual_CPUs_come_and_go()
    {
        using VirtualMachine machine = Engine().CreateVirtualMachine();
        machine.Memory.Map(GuestRun.Code, GuestRun.Size);
        machine.Memory.Write(GuestRun.Code, MemoryMarshal.AsBytes(Assemble(GuestRun.Code, [Mrs(X0, SystemRegister.MPIDR_EL1), Brk(1)]).AsSpan()));
        for (int round = 0; round < 5; round++)
        {
            HostThread[] threads = [.. Enumerable.Range(0, 4).Select(_ => HostThread.Start(() =>
            {
                using VirtualCpu cpu = machine.CreateVirtualCpu();
                cpu.TrapDebugExceptions = true;
                cpu.Pc = GuestRun.Code;
                Assert.Equal(ExceptionClass.Brk64, cpu.Run().ExceptionClass);
                Assert.Equal((1ul << 31) | ((ulong)(uint)cpu.Index >> 4 << 8) | ((uint)cpu.Index & 15), cpu.GetX(0));
            }))];
            foreach (HostThread thread in threads) thread.Join();
        }
    }
}
