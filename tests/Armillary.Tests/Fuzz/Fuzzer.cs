using System.Diagnostics;
using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Emulation;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.SystemRegisters;
using Armillary.Tests.Engine;
using Armillary.Tests.Instructions;

namespace Armillary.Tests.Fuzz;

/// <summary>
/// A machine whose guest is random words, at EL1 and EL0, with the MMU off and on, with interrupts, among code that changes. Batches of
/// words are run through, and then executed one by one; what they do to registers and memory stays until the next batch.
/// </summary>
internal sealed class Fuzzer : IDisposable
{
    /// <summary>Words of a batch.</summary>
    public const int Batch = 256;

    private const ulong Code = 0x1_0000, Data = 0x2_0000, Vectors = 0x3_0000, Tables = 0x10_0000, Memory = 0x20_0000;
    private const ulong Plain = PageTables.AccessFlag | PageTables.InnerShareable;

    private static readonly ulong[] s_special = [0, 1, 0x3f, 0xff, 0x1000, Code, Data, Data + 0xff8, Vectors, Memory - 8, Memory, 1ul << 47, 0xffff_0000_0000_0000, 1ul << 63, ulong.MaxValue, 0x8000_0000];

    private readonly SplitMix64 _random;
    private readonly VirtualMachine _machine;
    private readonly SoftwareVirtualCpu _cpu;
    private readonly RandomWords _words;
    private readonly byte[] _vectors = new byte[0x800];
    private long _runningSince; // 0: not running

    public Fuzzer(ulong seed)
    {
        _random = new SplitMix64(seed);
        _words = new RandomWords(_random);
        _machine = new SoftwareBackend(new SoftwareOptions { Time = new RushingTime(), Random = _random.Next }).CreateVirtualMachine();
        _machine.Memory.Map(0, Memory);
        _cpu = (SoftwareVirtualCpu)_machine.CreateVirtualCpu();
        _cpu.TrapDebugExceptions = true;
        for (int at = 0; at < _vectors.Length; at += 4) BitConverter.TryWriteBytes(_vectors.AsSpan(at), A64.Brk(1).Word);
    }

    /// <summary>The words of the last batch.</summary>
    public uint[] Words { get; } = new uint[Batch];

    /// <summary>Where in the batch it is; -1 while the batch is run through.</summary>
    public int At { get; private set; }

    /// <summary>Pages of predecoded code that are held.</summary>
    public int PagesHeld => _cpu.Code.PagesHeld;

    /// <summary>One batch.</summary>
    public void Run()
    {
        for (int i = 0; i < Batch; i++) Words[i] = _words.Next();
        At = -1;
        Prepare();
        Enter(Code);
        Watch(() => _cpu.Run());
        Prepare();
        for (At = 0; At < Batch; At++)
        {
            if (_random.OneIn(16)) _cpu.SetInterruptLine((InterruptLine)_random.Next(3), _random.OneIn(2));
            if (_random.OneIn(8)) _cpu.SetX(_random.Next(31), Value());
            Enter(Code + (4 * (ulong)At));
            Watch(() => _cpu.Step());
        }
    }

    /// <summary>Any thread: ends a run that lasts. True if it does not end although it was asked to long ago.</summary>
    public bool EndLongRun()
    {
        long since = Interlocked.Read(ref _runningSince);
        if (since == 0) return false;
        TimeSpan lasted = Stopwatch.GetElapsedTime(since);
        if (lasted > TimeSpan.FromMilliseconds(5)) _cpu.RequestExit();
        return lasted > TimeSpan.FromSeconds(30);
    }

    public void Dispose() => _machine.Dispose();

    private void Watch(Action run)
    {
        Interlocked.Exchange(ref _runningSince, Stopwatch.GetTimestamp());
        run();
        Interlocked.Exchange(ref _runningSince, 0);
    }

    private void Enter(ulong pc)
    {
        _cpu.Pc = pc;
        _cpu.Pstate = (_random.OneIn(2) ? Pstate.EL0t : Pstate.EL1h) | (_random.OneIn(2) ? Pstate.Daif : 0) | ((uint)_random.Next(16) << 28) | (_random.OneIn(4) ? Pstate.PAN : 0);
    }

    private void Prepare()
    {
        byte[] data = new byte[0x2000];
        for (int i = 0; i < data.Length; i += 8) BitConverter.TryWriteBytes(data.AsSpan(i), Value());
        _machine.Memory.Write(Data, data);
        _machine.Memory.Write(Code, MemoryMarshal.AsBytes(Words.AsSpan()));
        _machine.Memory.Write(Code + (4 * Batch), A64.Brk(2).Word);
        _machine.Memory.Write(Vectors, _vectors);
        for (int line = 0; line < 3; line++) _cpu.SetInterruptLine((InterruptLine)line, false);
        foreach (SystemRegisterRow row in SystemRegisterTable.Rows)
        {
            // Of the machine's own, and of no meaning to what is executed.
            if ((row.HostWrite ?? row.Write) is null || row.Register is SystemRegister.SPSel or SystemRegister.NZCV or SystemRegister.DAIF) continue;
            _cpu.SetSystemRegister(row.Register, row.Register is SystemRegister.MDSCR_EL1 or SystemRegister.PMCR_EL0 && !_random.OneIn(8) ? 0 : Value());
        }

        for (int i = 0; i < 31; i++) _cpu.SetX(i, Value());
        for (int i = 0; i < 32; i++) _cpu.SetV(i, new UInt128(Value(), Value()));
        _cpu.SetSystemRegister(SystemRegister.VBAR_EL1, Vectors);
        _cpu.SetSystemRegister(SystemRegister.CPACR_EL1, _random.OneIn(8) ? 0ul : 3ul << 20);
        SetTranslation();
        _cpu.Sp = _random.OneIn(4) ? Value() : Data + 0x800;
    }

    // Off, on with tables that map all to itself, or on with whatever is found.
    private void SetTranslation()
    {
        ulong control = _random.OneIn(4) ? Value() : _random.Next() & 0xffff_ffff;
        switch (_random.Next(4))
        {
            case 0 or 1:
                _cpu.SetSystemRegister(SystemRegister.SCTLR_EL1, control & ~1ul);
                break;
            case 2:
                _machine.Memory.Write(Tables, new byte[0x8000]);
                var tables = new PageTables(_machine, Tables, granuleBits: 12, inputBits: 48);
                for (ulong page = 0; page < Memory; page += 0x1000) tables.Map(page, page, Plain | (page == Data ? PageTables.User | PageTables.UserNever : page == Code && _random.OneIn(2) ? PageTables.User : 0));
                _cpu.SetSystemRegister(SystemRegister.TTBR0_EL1, Tables);
                _cpu.SetSystemRegister(SystemRegister.TTBR1_EL1, Tables);
                _cpu.SetSystemRegister(SystemRegister.MAIR_EL1, 0xff);
                _cpu.SetSystemRegister(SystemRegister.TCR_EL1, 16 | (16 << 16) | (2ul << 30) | (5ul << 32) | (_random.Next() & 0x00ff_fff8_0000_0000));
                _cpu.SetSystemRegister(SystemRegister.SCTLR_EL1, (control & ~(1ul << 19)) | 1);
                break;
            default:
                _cpu.SetSystemRegister(SystemRegister.SCTLR_EL1, control | 1);
                break;
        }
    }

    private ulong Value() => _random.Next(4) switch
    {
        0 => s_special[_random.Next(s_special.Length)],
        1 => Data + ((ulong)_random.Next(0x1000) & ~(ulong)_random.Next(16)),
        2 => s_special[_random.Next(s_special.Length)] + (ulong)_random.Next(64),
        _ => _random.Next(),
    };
}
