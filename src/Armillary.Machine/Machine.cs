using Armillary.Arm64;
using Armillary.Machine.Boot;
using Armillary.Machine.Gic;
using Armillary.Machine.Psci;

namespace Armillary.Machine;

/// <summary>A board like QEMU's <c>virt</c> that boots Linux and bare-metal programs, on any engine. Each virtual CPU has a thread of its own.</summary>
/// <remarks>It runs once. <see cref="Type"/> may be called from any thread.</remarks>
public sealed class Machine : IDisposable
{
    private const int MaxCpus = 32;

    private readonly MachineOptions _options;
    private readonly VirtualMachine _virtualMachine;
    private readonly ConsoleStream? _console;
    private readonly CpuPower[] _power;
    private readonly RunningCpus _running;
    private readonly Firmware _firmware;
    private readonly CancellationTokenSource _stop = new();
    private volatile Board _board;
    private readonly ManualResetEventSlim _ended = new(initialState: true);
    private MachineExit? _exit;
    private bool _ran, _isDisposed;

    /// <summary>Makes the machine and loads its guest.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Too many CPUs, or memory of a size that cannot be.</exception>
    /// <exception cref="ArmillaryException">The engine is not available, the kernel is none, or it does not fit.</exception>
    public Machine(MachineOptions options) : this(options, hasConsole: false) { }

    internal Machine(MachineOptions options, bool hasConsole)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Cpus, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Cpus, MaxCpus, nameof(options));
        if (options.GicVersion is not (2 or 3)) throw new ArgumentOutOfRangeException(nameof(options), options.GicVersion, "The interrupt controller is a GICv2 or a GICv3.");
        if (options.GicVersion == 2 && options.Cpus > GicV2Registers.MaxCpus) throw new ArgumentOutOfRangeException(nameof(options), options.Cpus, $"A GICv2 has {GicV2Registers.MaxCpus} CPUs at most.");
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
        _console = hasConsole ? new ConsoleStream(Type) : null;
        _power = [.. Enumerable.Range(0, options.Cpus).Select(_ => new CpuPower())];
        _running = new RunningCpus(options.Cpus);
        _firmware = new Firmware(_power, options.Entropy, Stop);
        try
        {
            _board = NewBoard();
            _virtualMachine.Memory.Map(MemoryMap.Ram, options.Memory);
            LoadedGuest guest = GuestLoader.Load(options, _virtualMachine);
            DeviceTree = guest.Tree;
            _power[0].TurnOn(guest.Entry, guest.TreeAddress);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Begins a machine; <see cref="MachineBuilder.Build"/> makes it.</summary>
    public static MachineBuilder CreateBuilder() => new();

    /// <summary>The device tree that the guest gets, flattened.</summary>
    public ReadOnlyMemory<byte> DeviceTree { get; }

    /// <summary>
    /// The console: a read waits for what the guest prints and gives 0 after its end, a write types. Up to 1 MiB that nobody reads waits; of
    /// more, the oldest is lost. <see cref="Stream.Null"/> if <see cref="MachineOptions.ConsoleOutput"/> takes it.
    /// </summary>
    public Stream Console => _console ?? Stream.Null;

    /// <summary>Any thread: sends characters to the guest's console.</summary>
    public void Type(ReadOnlySpan<byte> characters) => _board.Uart.Receive(characters);

    /// <summary>Any thread: presses or releases the power button. A guest that listens to it shuts down.</summary>
    public void SetPowerButton(bool isPressed) => _board.Gpio.Set(MemoryMap.PowerButton, isPressed);

    /// <summary>Any thread: tells the guest the size of the terminal that the first of its <see cref="MachineOptions.Ports"/> is on.</summary>
    public void ResizeTerminal(int columns, int rows) => _board.Virtio.Resize(columns, rows);

    /// <summary>Any thread: where the virtual CPUs are. Each that runs is stopped for that, for well under a millisecond.</summary>
    public IReadOnlyList<CpuPlace> Locate() => _running.Locate();

    /// <summary>Runs the guest until it switches itself off, asks for a reset or fails.</summary>
    /// <param name="cancellationToken">Ends the run.</param>
    public MachineExit Run(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_ran) throw new InvalidOperationException("The machine has run already.");
        _ran = true;
        _ended.Reset();
        try
        {
            return RunCpus(cancellationToken);
        }
        finally
        {
            _ended.Set();
        }
    }

    /// <summary><see cref="Run"/> on another thread.</summary>
    /// <param name="cancellationToken">Ends the run; the task completes all the same.</param>
    public Task<MachineExit> RunAsync(CancellationToken cancellationToken = default) => Task.Factory.StartNew(() => Run(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Frees all that it has. A run that is under way is ended first; not to be called by what the guest's threads call.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (!_ended.IsSet) Stop(new(MachineExitReason.Canceled, "The machine was disposed."));
        _ended.Wait();
        _ended.Dispose();
        _console?.End();
        _board?.Dispose();
        foreach (CpuPower power in _power) power.Dispose();
        _virtualMachine.Dispose();
        _stop.Dispose();
    }

    /// <summary>Any other thread: puts fresh devices in the place of the board's, in the same state, between two instructions of the guest.</summary>
    /// <exception cref="NotSupportedException">The interrupt controller is the engine's own.</exception>
    internal void RenewBoard() => _running.Hold(() =>
    {
        BoardState state = _board.Save();
        _board.Dispose(); // disks are one machine's at a time
        Board fresh = NewBoard();
        fresh.Restore(state);
        _board = fresh;
    });

    private MachineExit RunCpus(CancellationToken cancellationToken)
    {
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
        _console?.End();
        return _exit! with { Places = _running.Locate() };
    }

    private Board NewBoard() => new(_options, _virtualMachine, _console is null ? _options.ConsoleOutput.WriteByte : _console.Add);

    private void Stop(MachineExit exit)
    {
        Interlocked.CompareExchange(ref _exit, exit, null);
        _stop.Cancel();
    }

    private void RunCpu(ManualResetEventSlim created, ManualResetEventSlim allCreated)
    {
        VirtualCpu? cpu = null;
        Board board = _board;
        try
        {
            try
            {
                cpu = _virtualMachine.CreateVirtualCpu();
                board.Attach(cpu);
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
                _running.Enter(cpu);
                try
                {
                    while (power.IsOn && !_stop.IsCancellationRequested)
                    {
                        if (_board is var current && current != board) (board = current).Attach(cpu);
                        Serve(cpu, cpu.Run(_stop.Token));
                        _running.Answer(cpu);
                    }
                }
                finally
                {
                    _running.Leave(cpu, isOff: !power.IsOn);
                }
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

        if (exit.Reason == VmExitReason.Exception && exit.ExceptionClass == ExceptionClass.InstructionAbortLower && TakeExternalAbort(cpu, exit)) return;

        Stop(new(MachineExitReason.Fault, $"CPU {cpu.Index} stopped at PC 0x{cpu.Pc:x}: {exit.Reason}, syndrome 0x{exit.Syndrome.Value:x}, address 0x{exit.VirtualAddress:x}."));
    }

    // A fetch from where nothing is (Arm ARM D8.15, synchronous External abort). A guest whose vectors are not there either would take it for ever.
    private static bool TakeExternalAbort(VirtualCpu cpu, in VmExit exit)
    {
        const uint ExternalAbort = 0x10;
        ulong entry = (cpu.GetSystemRegister(SystemRegister.VBAR_EL1) & ~0x7fful) + Pstate.VectorOffset(cpu.Pstate);
        if (!cpu.TryTranslate(entry, out ulong gpa) || !cpu.VirtualMachine.Memory.IsMapped(gpa, sizeof(uint))) return false;
        cpu.TakeException(ExceptionClass.InstructionAbortLower, ExternalAbort, exit.VirtualAddress);
        return true;
    }
}
