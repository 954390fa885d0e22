using Armillary.Emulation.Decode;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Cpu;

// The performance monitors: when what is counted. A cycle is a nanosecond of the machine's clock. While a counter counts what
// instructions do, they are executed one by one, so that its overflow interrupts behind the one that made it.
internal sealed unsafe partial class SoftwareVirtualCpu
{
    private ulong _cycleClock;
    private bool _accessed, _performanceOutput;

    /// <summary>Its counters.</summary>
    internal PerformanceUnit Performance { get; }

    private PerformanceUnit MakePerformanceUnit()
        => new(Model.Has(Feature.PMUv3p5), eventMask: Model.Has(Feature.PMUv3p1) ? 0xffffu : 0x3ff);

    /// <summary>Before a register of the counters is read or written: they count up to now. An instruction takes a cycle at least.</summary>
    internal void UpdateCycles() => UpdateCycles(atLeast: 1);

    /// <summary>After a register of the counters was written.</summary>
    internal void UpdatePerformanceOutput()
    {
        ReportPerformance();
        if (Performance.CountsCycles && Performance.Interrupts != 0) UpdateTimers();
    }

    private void UpdateCycles(ulong atLeast)
    {
        ulong now = _machine.Nanoseconds, passed = now - _cycleClock;
        _cycleClock = now;
        if (Performance.CountsCycles) Performance.Happens(PerformanceEvent.CPU_CYCLES, Math.Max(passed, atLeast), ExceptionLevel);
    }

    // Before the exception level changes.
    private void SettlePerformance(PerformanceEvent change)
    {
        if (Performance.CountsCycles)
        {
            UpdateCycles(atLeast: 0);
            ReportPerformance();
        }

        if (!Performance.CountsInstructions) return;
        Performance.Happens(change, 1, ExceptionLevel);
    }

    // An instruction was executed at an exception level; it may have taken an exception instead of completing.
    private void CountInstruction(int level, ulong completed)
    {
        Performance.Happens(PerformanceEvent.INST_RETIRED, completed, level);
        Performance.Happens(PerformanceEvent.INST_SPEC, completed, level);
        if (_accessed) Performance.Happens(PerformanceEvent.MEM_ACCESS, completed, level);
        ReportPerformance();
    }

    private void ReportPerformance()
    {
        bool output = Performance.Output;
        if (output == _performanceOutput) return;
        _performanceOutput = output;
        PrivateInterruptHandler?.SetLevel(this, PrivateInterrupt.PerformanceMonitors, output);
    }

    // Ticks of the machine's counter until a counter of cycles interrupts.
    private ulong TicksToCycleOverflow()
    {
        if (!Performance.CountsCycles) return ulong.MaxValue;
        UpdateCycles(atLeast: 0);
        ReportPerformance();
        ulong cycles = Performance.CyclesToOverflow(ExceptionLevel);
        const ulong NanosecondsOfTick = 1_000_000_000 / SoftwareVirtualMachine.CounterFrequency;
        return cycles == ulong.MaxValue ? cycles : (cycles / NanosecondsOfTick) + 1;
    }
}
