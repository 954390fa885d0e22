using Armillary.Emulation;
using Armillary.Tests.Guests;

namespace Armillary.Tests.Kvm;

/// <summary>The guests that all engines share, where KVM is: the same exits as the software engine gives, but for what it does by its nature.</summary>
public sealed class KvmGuestTests
{
    private const string None = "none";

    // One test says why there are none, rather than each of them.
    public static TheoryData<string> Guests => Backends.Find("kvm")!.Probe().IsAvailable ? [.. SharedGuests.Names] : [None];

    [Theory]
    [MemberData(nameof(Guests))]
    public void A_guest_has_the_same_exits_as_on_the_software_engine(string name)
    {
        Backend kvm = Backends.Find("kvm")!;
        EngineStatus status = kvm.Probe();
        Assert.SkipUnless(status.IsAvailable, status.Reason);
        using (VirtualMachine machine = kvm.CreateVirtualMachine())
        {
            Assert.SkipWhen(KvmDifferences.IsLackedBy(machine.CreateVirtualCpu(), name), "This CPU has no such instruction.");
        }

        string expected = SharedGuests.Run(name, new SoftwareBackend().CreateVirtualMachine());
        Assert.NotEmpty(expected);
        string actual = KvmDifferences.Run(name, kvm);
        if (KvmDifferences.ReasonOf(name) is null) Assert.Equal(expected, actual);
        else Assert.NotEqual(expected, actual);
    }
}
