using Armillary.Emulation;

namespace Armillary.Tests.Core;

public sealed class DoorbellTests
{
    [Fact]
    public void A_ring_ends_a_wait_before_and_after_it()
    {
        using VirtualMachine machine = new SoftwareBackend().CreateVirtualMachine();
        using Doorbell bell = machine.CreateDoorbell(0x900_0050, 4, 1);
        Assert.False(bell.IsRungByEngine);
        Assert.Null(bell.Handle);
        bell.Ring();
        bell.Wait();
        var waiter = new Thread(bell.Wait);
        waiter.Start();
        bell.Ring();
        Assert.True(waiter.Join(TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData(0x900_0050ul, 3)]
    [InlineData(0x900_0052ul, 4)]
    public void A_register_is_aligned_and_has_a_size(ulong gpa, int size)
    {
        using VirtualMachine machine = new SoftwareBackend().CreateVirtualMachine();
        Assert.Throws<ArgumentOutOfRangeException>(() => machine.CreateDoorbell(gpa, size));
    }

    [Fact]
    public void What_only_a_kernel_has_says_so_elsewhere()
    {
        using VirtualMachine machine = new SoftwareBackend().CreateVirtualMachine();
        Assert.False(machine.HasInterruptController);
        Assert.False(machine.AnswersPowerCalls);
        Assert.True(machine.HasPerformanceMonitors);
        var layout = new InterruptControllerLayout { Distributor = 0x800_0000, Redistributors = 0x80a_0000, Cpus = 2, SharedInterrupts = 64 };
        Assert.Equal(0x4_0000ul, layout.RedistributorsSize);
        Assert.Contains("GicCpuInterface", Assert.Throws<NotSupportedException>(() => machine.CreateInterruptController(layout)).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => machine.CreateVirtualCpu().PowerOff());
    }
}
