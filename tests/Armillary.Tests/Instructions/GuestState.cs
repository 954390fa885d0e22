using System.Buffers.Binary;
using Armillary.Arm64;

namespace Armillary.Tests.Instructions;

/// <summary>
/// Everything that an instruction can read or write at EL0, complete: what a runner sets before and reads after.
/// </summary>
internal sealed class GuestState
{
    /// <summary>Where the first instruction stands.</summary>
    public const ulong CodeAddress = 0x4000_1000;

    /// <summary>Literal loads read between this address and <see cref="CodeAreaEnd"/>: it must be memory.</summary>
    public const ulong CodeAreaAddress = 0x3FF0_0000;

    public const ulong CodeAreaEnd = 0x4011_0000;

    /// <summary>The one page of data, of <see cref="WindowSize"/> bytes.</summary>
    public const ulong WindowAddress = 0x5000_0000;

    public const int WindowSize = 4096;

    public const int XCount = 31;

    public const int VCount = 32;

    /// <summary>What FPCR holds: AHP, DN, FZ, RMode and FZ16; no exception is trapped.</summary>
    public const uint FpcrBits = 0x07c8_0000;

    /// <summary>What FPSR holds: QC and the cumulative exceptions.</summary>
    public const uint FpsrBits = 0x0800_009f;

    public ulong[] X { get; private init; } = new ulong[XCount];

    public ulong Sp { get; set; }

    public ulong Pc { get; set; } = CodeAddress;

    /// <summary>The flags as a number: N is 8, Z 4, C 2, V 1.</summary>
    public uint Nzcv { get; set; }

    public ulong TpidrEL0 { get; set; }

    public UInt128[] V { get; private init; } = new UInt128[VCount];

    public uint Fpcr { get; set; }

    public uint Fpsr { get; set; }

    public byte[] Window { get; private init; } = new byte[WindowSize];

    /// <summary>Memory outside the window that the instruction reads; instructions of a case never write there.</summary>
    public List<MemoryCell> Literals { get; private init; } = [];

    /// <summary>System registers of EL1 that matter: the others are as a runner likes them. SCTLR_EL1 has bits that are added to its.</summary>
    public List<(SystemRegister Register, ulong Value)> System { get; private init; } = [];

    /// <summary>All noise: what an instruction does not read must not matter, and what it does not write must stay.</summary>
    public static GuestState CreateNoise(ulong seed)
    {
        SplitMix64 random = new(seed);
        GuestState state = new() { Sp = random.Next() & ~15UL, Nzcv = (uint)random.Next() & 15, TpidrEL0 = random.Next() };
        for (int i = 0; i < XCount; i++) state.X[i] = random.Next();
        for (int i = 0; i < WindowSize; i += 8) BinaryPrimitives.WriteUInt64LittleEndian(state.Window.AsSpan(i), random.Next());
        for (int i = 0; i < VCount; i++) state.V[i] = new UInt128(random.Next(), random.Next());
        state.Fpcr = (uint)random.Next() & FpcrBits;
        state.Fpsr = (uint)random.Next() & FpsrBits;
        return state;
    }

    public GuestState Clone() => new()
    {
        X = [.. X],
        Sp = Sp,
        Pc = Pc,
        Nzcv = Nzcv,
        TpidrEL0 = TpidrEL0,
        V = [.. V],
        Fpcr = Fpcr,
        Fpsr = Fpsr,
        Window = [.. Window],
        Literals = [.. Literals],
        System = [.. System],
    };

    /// <summary>Stores a cell in the window, or keeps it among the literals.</summary>
    public void Store(MemoryCell cell)
    {
        if (!cell.IsInWindow)
        {
            Literals.Add(cell);
            return;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, cell.Value);
        bytes[..cell.Size].CopyTo(Window.AsSpan((int)(cell.Address - WindowAddress)));
    }

    /// <summary>A line for each part of <paramref name="actual"/> that is not as it is here; none if all is.</summary>
    public IEnumerable<string> DifferencesFrom(GuestState actual)
    {
        for (int i = 0; i < XCount; i++)
        {
            if (X[i] != actual.X[i]) yield return $"x{i}: expected 0x{X[i]:x}, found 0x{actual.X[i]:x}";
        }

        if (Sp != actual.Sp) yield return $"sp: expected 0x{Sp:x}, found 0x{actual.Sp:x}";
        if (Pc != actual.Pc) yield return $"pc: expected 0x{Pc:x}, found 0x{actual.Pc:x}";
        if (Nzcv != actual.Nzcv) yield return $"nzcv: expected {Nzcv:x}, found {actual.Nzcv:x}";
        if (TpidrEL0 != actual.TpidrEL0) yield return $"tpidr_el0: expected 0x{TpidrEL0:x}, found 0x{actual.TpidrEL0:x}";
        for (int i = 0; i < VCount; i++)
        {
            if (V[i] != actual.V[i]) yield return $"v{i}: expected 0x{V[i]:x}, found 0x{actual.V[i]:x}";
        }

        if (Fpcr != actual.Fpcr) yield return $"fpcr: expected 0x{Fpcr:x}, found 0x{actual.Fpcr:x}";
        if (Fpsr != actual.Fpsr) yield return $"fpsr: expected 0x{Fpsr:x}, found 0x{actual.Fpsr:x}";
        for (int i = 0; i < WindowSize; i++)
        {
            if (Window[i] != actual.Window[i]) yield return $"[0x{WindowAddress + (ulong)i:x}]: expected 0x{Window[i]:x2}, found 0x{actual.Window[i]:x2}";
        }
    }
}
