using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.InteropServices;
using Armillary.Tests.Instructions;

namespace Armillary.Tests.Oracle;

/// <summary>
/// What a recent oracle made of the programs of <see cref="FirstSeed"/> and up: of each, 32 bits of its final state. The
/// programs follow from their seeds, so a machine without an oracle can hold an engine against them.
/// </summary>
internal static class Recording
{
    public const ulong FirstSeed = 0x4152_4d49_0000_0000;

    /// <summary>How many programs a new recording has.</summary>
    public const int Count = 100_000;

    private const string Name = "recorded-states.bin";

    /// <summary>The hashes, in the order of the seeds.</summary>
    public static IReadOnlyList<uint> Load()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Name)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return [.. bytes.Chunk(4).Select(static word => BinaryPrimitives.ReadUInt32LittleEndian(word))];
    }

    /// <summary>A recording's bytes.</summary>
    public static byte[] Save(IReadOnlyList<uint> hashes)
    {
        byte[] bytes = new byte[4 * hashes.Count];
        for (int i = 0; i < hashes.Count; i++) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), hashes[i]);
        return bytes;
    }

    public static OracleCase Program(int index) => ProgramGenerator.Create(FirstSeed + (ulong)index, InstructionForms.OfRecentOracles);

    /// <summary>FNV-1a over 64-bit words, folded: all that <see cref="OracleResult.DifferencesFrom"/> looks at.</summary>
    public static uint Hash(OracleResult result)
    {
        const ulong Basis = 0xcbf2_9ce4_8422_2325, Prime = 0x100_0000_01b3;
        ulong hash = Basis;
        void Add(ulong word) => hash = (hash ^ word ^ (hash >> 29)) * Prime;
        GuestState after = result.After;
        Add((ulong)result.Stop);
        Add(result.FaultAddress);
        foreach (ulong x in after.X) Add(x);
        foreach (UInt128 v in after.V)
        {
            Add((ulong)v);
            Add((ulong)(v >> 64));
        }

        foreach (ulong other in (ReadOnlySpan<ulong>)[after.Sp, after.Pc, after.Nzcv, after.TpidrEL0, after.Fpcr, after.Fpsr]) Add(other);
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(after.Window)) Add(word);
        return (uint)(hash ^ (hash >> 32));
    }
}
