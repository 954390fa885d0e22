using Armillary.Emulation.Instructions;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Decode;

/// <summary>
/// Finds the row of an instruction word. Words are sorted into buckets by bits 28:21; a bucket is filled, and the rows of
/// its classes are made, when the first of its words is met, because making a row costs 10 to 35 microseconds.
/// </summary>
internal static class DecodeTable
{
    private const int Buckets = 256;

    private static readonly Lock s_lock = new();
    private static readonly Row[]?[] s_buckets = new Row[Buckets][];
    private static readonly Row[]?[] s_built = new Row[InstructionClasses.All.Count][];
    private static Row[] s_rows = [null!, MakeUnallocated()];

    /// <summary>The row index of an op that is not decoded yet.</summary>
    public const ushort Undecoded = 0;

    /// <summary>The row index of words that no row allocates.</summary>
    public const ushort Unallocated = 1;

    /// <summary>Every row made so far, by <see cref="Row.Index"/>; the first is null, the second stands for words that no class knows.</summary>
    public static Row[] Rows => Volatile.Read(ref s_rows);

    /// <summary>The row of a word; never null.</summary>
    public static Row Find(uint word)
    {
        Row[] bucket = Volatile.Read(ref s_buckets[(word >> 21) & (Buckets - 1)]) ?? Fill((word >> 21) & (Buckets - 1));
        foreach (Row row in bucket)
        {
            if (row.Encoding.Matches(word)) return row;
        }

        return Rows[Unallocated];
    }

    /// <summary>Decodes a word at an address, whatever feature it belongs to.</summary>
    public static Row Decode(uint word, ulong pc, out Operands o) => Decode(word, pc, null, isGuarded: false, out o);

    /// <summary>Decodes a word at an address for a CPU. What of its meaning depends on the page being guarded is settled here.</summary>
    public static Row Decode(uint word, ulong pc, CpuModel? model, bool isGuarded, out Operands o)
    {
        Row row = Find(word);
        o = new Operands { Pc = pc };
        row.Encoding.Extract(word, ref o);
        if (!row.DecodeOperands(word, ref o)) row = Rows[Unallocated];
        else if (model is not null) row = OfModel(row, word, model, isGuarded, ref o);
        o.Row = row.Index;
        return row;
    }

    private static Row OfModel(Row row, uint word, CpuModel model, bool isGuarded, ref Operands o)
    {
        const uint Hints = 0xd503_201f, HintMask = 0xffff_f01f, Nop = Hints;
        if (!model.Has(row.Requires(o))) return (word & HintMask) == Hints ? Find(Nop) : Rows[Unallocated];
        if (row.IndirectBranch == IndirectBranch.None || !model.Has(Feature.BTI)) return row;
        o.Option = row.IndirectBranch == IndirectBranch.Call ? (byte)2 : isGuarded && o.Rn is not (16 or 17) ? (byte)3 : (byte)1;
        return row;
    }

    /// <summary>Makes every row; for tests and tools.</summary>
    public static Row[] BuildAll()
    {
        for (uint bucket = 0; bucket < Buckets; bucket++) Fill(bucket);
        return Rows;
    }

    private static Row[] Fill(uint bucket)
    {
        lock (s_lock)
        {
            if (s_buckets[bucket] is { } ready) return ready;
            var rows = new List<Row>();
            uint bits = bucket << 21;
            const uint BucketMask = (Buckets - 1) << 21;
            for (int i = 0; i < InstructionClasses.All.Count; i++)
            {
                InstructionClass candidate = InstructionClasses.All[i];
                if (((bits ^ candidate.Value) & candidate.Mask & BucketMask) != 0) continue;
                foreach (Row row in s_built[i] ??= Build(candidate))
                {
                    if (((bits ^ row.Encoding.Value) & row.Encoding.Mask & BucketMask) == 0) rows.Add(row);
                }
            }

            Row[] filled = [.. rows];
            Volatile.Write(ref s_buckets[bucket], filled);
            return filled;
        }
    }

    private static Row[] Build(InstructionClass source)
    {
        Row[] rows = source.Rows();
        int first = s_rows.Length;
        for (int i = 0; i < rows.Length; i++) rows[i].Index = checked((ushort)(first + i));
        Volatile.Write(ref s_rows, [.. s_rows, .. rows]);
        return rows;
    }

    private static RowOf<Undefined> MakeUnallocated() => new() { Pattern = new string('x', 32), Name = "unallocated", Index = Unallocated, IsUndefined = true, Text = ".inst {word} ; undefined" };
}
