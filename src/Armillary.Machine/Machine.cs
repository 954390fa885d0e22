using Armillary.Arm64;
using Armillary.Machine.Boot;
using Armillary.Machine.Gic;
using Armillary.Machine.Pl011;
using Armillary.Machine.Pl031;
using Armillary.Machine.Pl061;
using Armillary.Machine.Psci;
using Armillary.Machine.Virtio;

namespace Armillary.Machine;

/// <summary>A board like QEMU's <c>virt</c> that boots Linux and bare-metal programs, on any engine. Each virtual CPU has a thread of its own.</summary>
/// <remarks>It runs once. <see cref="Type"/> may be called from any thread.</remarks>
public sealed class Machine : IDisposable
{
    private const int MaxCpus = 32;

    private readonly MachineOptions _options;
    private readonly VirtualMachine _virtualMachine;
    private readonly Bus _bus = new();
    private readonly IBoardGic _gic;
    private readonly Uart _uart;
    private readonly RealTimeClock _clock;
    private readonly Gpio _gpio;
    private readonly VirtioBoard _virtio;
    private readonly CpuPower[] _power;

    // Where the virtual CPUs were when the run was cancelled.
    private readonly string?[] _places;
    private readonly Firmware _firmware;
    private readonly CancellationTokenSource _stop = new();
    private MachineExit? _exit;
    private bool _ran;

    /// <summary>Makes the machine and loads its guest.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Too many CPUs, or memory of a size that cannot be.</exception>
    /// <exception cref="ArmillaryException">The engine is not available, the kernel is none, or it does not fit.</exception>
    public Machine(MachineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Cpus, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Cpus, MaxCpus, nameof(options));
        if (options.Memory < 16 << 20 || (options.Memory & 0x1f_ffff) != 0 || options.Memory > 255ul << 30)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Memory, "RAM is 16 MiB to 255 GiB, a multiple of 2 MiB.");
        }

        if (options.Entropy is { } fill)
        {
            // The firmware and the device ask from threads of their own.
            var one = new Lock();
            options = options with
            {
                Entropy = bytes =>
                {
                    lock (one) fill(bytes);
                },
            };
        }

        _options = options;
        _virtualMachine = options.Engine.CreateVirtualMachine();
        _gic = _virtualMachine.HasInterruptController ? new EngineGic(_virtualMachine, options.Cpus) : AddGic(options.Cpus);
        _uart = new Uart(character => options.ConsoleOutput.WriteByte(character), Wire(MemoryMap.UartInterrupt));
        _clock = new RealTimeClock(options.Time, Wire(MemoryMap.RealTimeClockInterrupt));
        _bus.Add(MemoryMap.Uart, MemoryMap.PeripheralSize, _uart);
        _bus.Add(MemoryMap.RealTimeClock, MemoryMap.PeripheralSize, _clock);
        _gpio = new Gpio(Wire(MemoryMap.GpioInterrupt));
        _bus.Add(MemoryMap.Gpio, MemoryMap.PeripheralSize, _gpio);
        _power = [.. Enumerable.Range(0, options.Cpus).Select(_ => new CpuPower())];
        _places = new string?[options.Cpus];
        _firmware = new Firmware(_power, options.Entropy, Stop);
        try
        {
            _virtio = new VirtioBoard(options, _virtualMachine, _bus, Wire);
            _virtualMachine.Memory.Map(MemoryMap.Ram, options.Memory);
            (ulong entry, ulong tree) = GuestLoader.Load(options, _virtualMachine);
            _power[0].TurnOn(entry, tree);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Any thread: sends characters to the guest's console.</summary>
    public void Type(ReadOnlySpan<byte> characters) => _uart.Receive(characters);

    /// <summary>Any thread: presses or releases the power button. A guest that listens to it shuts down.</summary>
    public void SetPowerButton(bool isPressed) => _gpio.Set(MemoryMap.PowerButton, isPressed);

    /// <summary>Any thread: tells the guest the size of the terminal that the first of its <see cref="MachineOptions.Ports"/> is on.</summary>
    public void ResizeTerminal(int columns, int rows) => _virtio.Resize(columns, rows);

    /// <summary>Runs the guest until it switches itself off, asks for a reset or fails.</summary>
    /// <param name="cancellationToken">Ends the run.</param>
    public MachineExit Run(CancellationToken cancellationToken = default)
    {
        if (_ran) throw new InvalidOperationException("The machine has run already.");
        _ran = true;
        using CancellationTokenRegistration registration = cancellationToken.Register(() => Stop(new(MachineExitReason.Canceled, "The run was cancelled.")));
        var threads = new List<Thread>();
        using var allCreated = new ManualResetEventSlim();
        for (int i = 0; i < _options.Cpus; i++)
        {
            // A virtual CPU's number is the order of its creation.
            using var created = new ManualResetEventSlim();
            var thread = new Thread(() => RunCpu(created, allCreated)) { Name = $"vCPU {i}", IsBackground = true };
            thread.Start();
            threads.Add(thread);
            created.Wait(CancellationToken.None);
        }

        allCreated.Set();
        foreach (Thread thread in threads) thread.Join();
        return _exit!.Reason == MachineExitReason.Canceled ? _exit with { Message = string.Join(' ', [_exit.Message, .. _places.Where(place => place is not null)]) } : _exit;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _virtio?.Dispose();
        _clock.Dispose();
        foreach (CpuPower power in _power) power.Dispose();
        _virtualMachine.Dispose();
        _stop.Dispose();
    }

    private GicDevice AddGic(int cpus)
    {
        var gic = new GicDevice(cpus, MemoryMap.SharedInterrupts);
        _bus.Add(MemoryMap.GicDistributor, GicRegisters.DistributorSize, gic.Distributor);
        _bus.Add(MemoryMap.GicRedistributors, GicRegisters.RedistributorSize * (ulong)cpus, gic.Redistributors);
        return gic;
    }

    private Action<bool> Wire(int interrupt) => level => _gic.SetShared(GicRegisters.PrivateCount + interrupt, level);

    private void Stop(MachineExit exit)
    {
        Interlocked.CompareExchange(ref _exit, exit, null);
        _stop.Cancel();
    }

    private void RunCpu(ManualResetEventSlim created, ManualResetEventSlim allCreated)
    {
        VirtualCpu? cpu = null;
        try
        {
            try
            {
                cpu = _virtualMachine.CreateVirtualCpu();
                cpu.MmioHandler = _bus;
                _gic.Attach(cpu);
            }
            finally
            {
                created.Set();
            }

            allCreated.Wait(_stop.Token); // an engine's interrupt controller wants all of them before one runs
            CpuPower power = _power[cpu.Index];
            if (_virtualMachine.AnswersPowerCalls && cpu.Index > 0)
            {
                cpu.PowerOff();
                power.TurnOn(0, 0);
            }

            while (!_stop.IsCancellationRequested)
            {
                (cpu.Pc, ulong context) = power.Wait(_stop.Token);
                cpu.Pstate = Pstate.EL1h | Pstate.Daif;
                cpu.SetSystemRegister(SystemRegister.SCTLR_EL1, 0);
                cpu.SetX(0, context);
                while (power.IsOn && !_stop.IsCancellationRequested) Serve(cpu, cpu.Run(_stop.Token));
                if (power.IsOn) _places[cpu.Index] = $"CPU {cpu.Index} was at PC 0x{cpu.Pc:x}, EL{Pstate.ExceptionLevel(cpu.Pstate)}.";
            }
        }
        catch (OperationCanceledException)
        {
            // Off, and the machine stops.
        }
        catch (Exception error) when (error is ArmillaryException or IOException)
        {
            Stop(new(MachineExitReason.Fault, error.Message));
        }
        finally
        {
            cpu?.Dispose(); // some engines let no other thread do it
        }
    }

    private void Serve(VirtualCpu cpu, in VmExit exit)
    {
        if (exit.Reason == VmExitReason.Canceled) return;
        if (exit.Reason == VmExitReason.Exception && exit.ExceptionClass is ExceptionClass.Hvc64 or ExceptionClass.Smc64)
        {
            _firmware.Serve(cpu);
            return;
        }

        Stop(new(MachineExitReason.Fault, $"CPU {cpu.Index} stopped at PC 0x{cpu.Pc:x}: {exit.Reason}, syndrome 0x{exit.Syndrome.Value:x}, address 0x{exit.VirtualAddress:x}."));
    }
}
