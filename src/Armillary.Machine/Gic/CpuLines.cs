namespace Armillary.Machine.Gic;

/// <summary>The interrupt lines from a controller to the CPUs. Under the controller's lock.</summary>
/// <param name="cpus">How many CPUs.</param>
/// <param name="signal">Called when a level changes.</param>
internal sealed class CpuLines(int cpus, Action<int, InterruptLine, bool> signal)
{
    private readonly (bool Irq, bool Fiq)[] _levels = new (bool, bool)[cpus];

    /// <summary>Sets a CPU's levels.</summary>
    public void Set(int cpu, bool irq, bool fiq)
    {
        (bool wasIrq, bool wasFiq) = _levels[cpu];
        _levels[cpu] = (irq, fiq);
        if (irq != wasIrq) signal(cpu, InterruptLine.Irq, irq);
        if (fiq != wasFiq) signal(cpu, InterruptLine.Fiq, fiq);
    }

    /// <summary>Signals a CPU's levels again, to one that has just been wired.</summary>
    public void Repeat(int cpu)
    {
        signal(cpu, InterruptLine.Irq, _levels[cpu].Irq);
        signal(cpu, InterruptLine.Fiq, _levels[cpu].Fiq);
    }
}
