using Armillary.Emulation;
using Armillary.Tests.Guests;

namespace Armillary.Tests.Hvf;

/// <summary>The guests that all engines share: the same exits as the software engine gives.</summary>
public sealed class HvfGuestTests : ShimTest
{
    public static TheoryData<string> Guests => [.. SharedGuests.Names];

    [Theory]
    [MemberData(nameof(Guests))]
    public void A_guest_has_the_same_exits_as_on_the_software_engine(string name)
    {
        string expected = SharedGuests.Run(name, new SoftwareBackend().CreateVirtualMachine());
        Assert.NotEmpty(expected);
        Assert.Equal(expected, SharedGuests.Run(name, Engine().CreateVirtualMachine()));
    }
}
