using Armillary.Machine.Gic;
using Armillary.Machine.Pl011;
using Armillary.Machine.Pl031;
using Armillary.Machine.Pl061;
using Armillary.Machine.Virtio;

namespace Armillary.Machine;

/// <summary>A machine's devices at their addresses, and their wires; its CPUs and its memory are not part of it.</summary>
internal sealed class Board : IDisposable
{
    private readonly Bus _bus = new();
    private readonly IBoardGic _gic;
    private readonly RealTimeClock _clock;

    /// <param name="options">What there is.</param>
    /// <param name="machine">Whose memory and interrupts the devices use.</param>
    /// <param name="print">Takes what the guest sends to its UART.</param>
    public Board(MachineOptions options, VirtualMachine machine, Action<byte> print)
    {
        _gic = options.GicVersion == 2 ? new GicV2Device(options.Cpus, MemoryMap.SharedInterrupts)
            : machine.HasInterruptController ? new EngineGic(machine, options.Cpus) : AddGic(options.Cpus);
        Uart = new Uart(print, Wire(MemoryMap.UartInterrupt));
        _clock = new RealTimeClock(options.Time, Wire(MemoryMap.RealTimeClockInterrupt));
        Gpio = new Gpio(Wire(MemoryMap.GpioInterrupt));
        _bus.Add(MemoryMap.Uart, MemoryMap.PeripheralSize, Uart);
        _bus.Add(MemoryMap.RealTimeClock, MemoryMap.PeripheralSize, _clock);
        _bus.Add(MemoryMap.Gpio, MemoryMap.PeripheralSize, Gpio);
        try
        {
            Virtio = new VirtioBoard(options, machine, _bus, Wire);
        }
        catch
        {
            _clock.Dispose();
            throw;
        }
    }

    public Uart Uart { get; }

    public Gpio Gpio { get; }

    public VirtioBoard Virtio { get; }

    /// <summary>Wires a virtual CPU; on its thread, while it does not run.</summary>
    public void Attach(VirtualCpu cpu)
    {
        cpu.MmioHandler = _bus;
        _gic.Attach(cpu);
    }

    /// <summary>The state of all, while no CPU runs. Virtio devices begin nothing any more: what they did afterwards would be done again.</summary>
    /// <exception cref="NotSupportedException">The interrupt controller is the engine's own.</exception>
    public BoardState Save()
    {
        IReadOnlyList<VirtioState> virtio = Virtio.Save(); // before what it interrupts
        return new(_gic.Save(), Uart.Save(), _clock.Save(), Gpio.Save(), virtio);
    }

    /// <summary>Takes the state of a board of the same parts, before a CPU runs on this one.</summary>
    /// <exception cref="ArgumentException">It has other parts.</exception>
    public void Restore(BoardState state)
    {
        _gic.Restore(state.Gic);
        Uart.Restore(state.Uart);
        _clock.Restore(state.Clock);
        Gpio.Restore(state.Gpio);
        Virtio.Restore(state.Virtio);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Virtio.Dispose();
        _clock.Dispose();
    }

    private GicDevice AddGic(int cpus)
    {
        var gic = new GicDevice(cpus, MemoryMap.SharedInterrupts);
        _bus.Add(MemoryMap.GicDistributor, GicRegisters.DistributorSize, gic.Distributor);
        _bus.Add(MemoryMap.GicRedistributors, GicRegisters.RedistributorSize * (ulong)cpus, gic.Redistributors);
        return gic;
    }

    private Action<bool> Wire(int interrupt) => level => _gic.SetShared(GicRegisters.PrivateCount + interrupt, level);
}
