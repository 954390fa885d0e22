namespace Armillary.Tests.Hvf;

/// <summary>The questions of <c>armillary doctor --hvf</c>, to the shim: it answers as the engine relies on, or it is no stand-in.</summary>
public sealed class HvfConformanceTests : ShimTest
{
    // What asking breaks on purpose.
    private static readonly string[] s_asked = ["hv_vm_map(", "hv_vm_unmap(", "hv_vm_protect(", "hv_vm_destroy:", "hv_vcpus_exit:", "hv_vcpu_get_reg: virtual CPU 0 belongs", "hv_vcpu_get_sys_reg: virtual CPU 0 belongs"];

    [Fact]
    public void The_shim_answers_as_the_engine_relies_on()
    {
        IReadOnlyList<ConformanceFinding> findings = Engine().CheckConformance();
        Assert.Empty(findings.Where(f => f.Agrees == false).Select(f => $"{f.Id}: {f.Observed}, not {f.Expected}"));
        Assert.True(findings.Count(f => f.Agrees == true) >= 33, $"{findings.Count(f => f.Agrees == true)}");
        Assert.Equal(findings.Count, findings.Select(f => f.Id).Distinct().Count());
        Assert.All(findings, f => Assert.False(f.Observed.StartsWith("Hypervisor.framework refused", StringComparison.Ordinal), f.Id + ": " + f.Observed));
        Assert.All(TakeViolations(), v => Assert.Contains(s_asked, asked => v.StartsWith(asked, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_open_question_is_asked()
    {
        string[] ids = [.. Engine().CheckConformance().Select(f => f.Id)];
        TakeViolations();
        string[] open =
        [
            "life.wrong-thread", "life.stale-cpu", "life.machine-with-cpus", "fresh.HV_REG_CPSR", "fresh.SCTLR_EL1", "fresh.CPACR_EL1", "fresh.ID_AA64PFR0_EL1", "memory.overlap", "memory.unmap-twice",
            "memory.file-shared", "memory.file-private", "exit.smc", "time.frequency", "trap.registers", "gic.wfi", "gic.range", "gic.typer", "writable.ID_AA64PFR0_EL1", "exit.unknown", "system.MDCR_EL2",
            "cost.hvc", "cost.load", "code.stale", "time.execution",
        ];
        Assert.Empty(open.Except(ids));
    }

    [Fact]
    public void Without_the_framework_the_command_says_why()
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "There is one.");
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(5, Armillary.Cli.CommandLine.Run(["doctor", "--hvf"], new Armillary.Cli.Surroundings(output, error, TimeProvider.System, CancellationToken.None)));
        Assert.Contains("Hypervisor.framework is part of macOS", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    [Fact]
    public void Facts_of_the_host_are_told()
    {
        Dictionary<string, string> facts = Engine().Inspect().ToDictionary(f => f.Name, f => f.Value);
        Assert.Equal(("Apple M0", "26.0 (25A000)", "yes", "yes", "128", "up to 40", "16 or 4 KiB", "24000000 Hz"), (facts["chip"], facts["macOS"], facts["virtualization"], facts["entitlement"], facts["address spaces"], facts["address bits"], facts["pages"], facts["counter"]));
    }
}
