using System.Globalization;
using Armillary.Arm64;

namespace Armillary.Tests.Instructions;

/// <summary>The parts of a state that a line names, on one side of its arrow.</summary>
internal sealed class NamedState
{
    public SortedDictionary<int, ulong> X { get; } = [];

    public ulong? Sp { get; set; }

    public uint? Nzcv { get; set; }

    public ulong? TpidrEL0 { get; set; }

    public SortedDictionary<int, UInt128> V { get; } = [];

    public uint? Fpcr { get; set; }

    public uint? Fpsr { get; set; }

    /// <summary>System registers of EL1, in the order of the line. Only a state before names them.</summary>
    public List<(SystemRegister Register, ulong Value)> System { get; } = [];

    /// <summary>ESR_EL1 of the exception that ends the instructions. Only a state after names it, with the PC.</summary>
    public ulong? Exception { get; set; }

    /// <summary>PC relative to the first instruction. Only a state after names it.</summary>
    public long? PcOffset { get; set; }

    public List<MemoryCell> Memory { get; } = [];

    /// <summary>A register by its name in a line: Arm's in small letters.</summary>
    public static bool TryFind(string name, out SystemRegister register) => SystemRegisters.TryParse(name, out register) && NameOf(register) == name;

    private static string NameOf(SystemRegister register) => register.Name().ToLowerInvariant();

    public void ApplyTo(GuestState state)
    {
        foreach ((int register, ulong value) in X) state.X[register] = value;
        state.Sp = Sp ?? state.Sp;
        state.Nzcv = Nzcv ?? state.Nzcv;
        state.TpidrEL0 = TpidrEL0 ?? state.TpidrEL0;
        foreach ((int register, UInt128 value) in V) state.V[register] = value;
        state.Fpcr = Fpcr ?? state.Fpcr;
        state.Fpsr = Fpsr ?? state.Fpsr;
        if (PcOffset is { } offset) state.Pc = GuestState.CodeAddress + (ulong)offset;
        foreach (MemoryCell cell in Memory) state.Store(cell);
        state.System.AddRange(System);
    }

    /// <summary>The names and values in the order in which the files have them.</summary>
    public IEnumerable<string> Format()
    {
        foreach ((int register, ulong value) in X) yield return $"x{register}=0x{value:x}";
        if (Sp is { } sp) yield return $"sp=0x{sp:x}";
        if (Nzcv is { } nzcv) yield return $"nzcv={nzcv:x}";
        if (TpidrEL0 is { } tpidr) yield return $"tpidr_el0=0x{tpidr:x}";
        foreach ((int register, UInt128 value) in V) yield return $"v{register}=0x{value:x}";
        if (Fpcr is { } fpcr) yield return $"fpcr=0x{fpcr:x}";
        if (Fpsr is { } fpsr) yield return $"fpsr=0x{fpsr:x}";
        foreach (MemoryCell cell in Memory) yield return cell.ToString();
        foreach ((SystemRegister register, ulong value) in System) yield return $"{NameOf(register)}=0x{value:x}";
        if (PcOffset is { } offset)
        {
            ulong magnitude = (ulong)Math.Abs(offset);
            yield return "pc=" + (offset < 0 ? "-" : "+") + (magnitude < 10 ? magnitude.ToString(CultureInfo.InvariantCulture) : $"0x{magnitude:x}");
        }

        if (Exception is { } syndrome) yield return $"exception=0x{syndrome:x}";
    }
}
