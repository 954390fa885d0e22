namespace Armillary.Tests.Kvm;

/// <summary>What the engine tells of its host.</summary>
public sealed class KvmBackendTests
{
    [Fact]
    public void It_tells_what_the_kernel_can_do_where_it_can_be_used()
    {
        Backend kvm = Backends.Find("kvm")!;
        string[] names = [.. kvm.Inspect().Select(fact => fact.Name)];
        if (!kvm.Probe().IsAvailable)
        {
            Assert.Empty(names);
            return;
        }

        Assert.Contains("dirty pages", names);
        bool hasRings = Environment.OSVersion.Version >= new Version(6, 2);
        Assert.StartsWith(hasRings ? "a ring of 4096" : "a log", kvm.Inspect().Single(fact => fact.Name == "dirty pages").Value, StringComparison.Ordinal);
    }
}
