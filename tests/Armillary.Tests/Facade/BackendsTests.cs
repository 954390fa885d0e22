using System.Runtime.InteropServices;

namespace Armillary.Tests.Facade;

public sealed class BackendsTests
{
    [Theory]
    [InlineData("software")]
    [InlineData("KVM")]
    [InlineData("Hvf")]
    public void An_engine_is_found_by_its_name_in_any_case(string name)
        => Assert.Equal(name, Backends.Find(name)?.Name, StringComparer.OrdinalIgnoreCase);

    [Fact]
    public void Auto_is_an_engine_that_can_run_here()
    {
        Assert.Same(Backends.Default, Backends.Find("auto"));
        Assert.True(Backends.Default.Probe().IsAvailable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("xen")]
    [InlineData("software ")]
    public void Another_name_is_not_found(string name) => Assert.Null(Backends.Find(name));

    [Fact]
    public void An_engine_that_is_not_available_says_why_and_refuses_to_make_a_machine()
    {
        foreach (Backend backend in Backends.All)
        {
            EngineStatus status = backend.Probe();
            Assert.NotEmpty(status.Reason);
            if (!status.IsAvailable) Assert.Equal(status, Assert.Throws<EngineUnavailableException>(backend.CreateVirtualMachine).Status);
        }
    }

    [Fact]
    public void A_native_engine_of_another_system_names_this_one()
    {
        string name = OperatingSystem.IsMacOS() ? "kvm" : "hvf";
        Assert.Contains(RuntimeInformation.OSDescription, Backends.Find(name)!.Probe().Reason, StringComparison.Ordinal);
    }
}
