using System.Runtime.CompilerServices;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using static Armillary.Emulation.Instructions.Simd.CopyAndPermute;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>
/// LD1 to LD4 and ST1 to ST4 of one lane, and LD1R to LD4R, which load all lanes with one element (Arm ARM C4.1.91, "Advanced
/// SIMD load/store single structure").
/// </summary>
internal static class SingleStructures
{
    public static Row[] Rows() => [.. Of<Stay>("0011010", "00000", "[{n}]"), .. Of<Advance>("0011011", "mmmmm", "[{n}], {xm}")];

    private static IEnumerable<Row> Of<TForm>(string group, string offset, string address) where TForm : struct, IWriteBack =>
        [.. Of<One, TForm>(group, offset, address, 1), .. Of<Two, TForm>(group, offset, address, 2), .. Of<Three, TForm>(group, offset, address, 3), .. Of<Four, TForm>(group, offset, address, 4)];

    // The lane is Q:S:size less the bits that the element's size takes.
    private static Row[] Of<TCount, TForm>(string group, string offset, string address, int count) where TCount : struct, ICount where TForm : struct, IWriteBack =>
    [
        .. OneLane<U8, byte, TCount, TForm>(group, offset, "00", "iii", 'b', address, count),
        .. OneLane<U16, ushort, TCount, TForm>(group, offset, "01", "ii0", 'h', address, count),
        .. OneLane<U32, uint, TCount, TForm>(group, offset, "10", "i00", 's', address, count),
        .. OneLane<U64, ulong, TCount, TForm>(group, offset, "10", "001", 'd', address, count),
        AllLanes<U8, byte, TCount, TForm>(group, offset, 'b', address, count),
        AllLanes<U16, ushort, TCount, TForm>(group, offset, 'h', address, count),
        AllLanes<U32, uint, TCount, TForm>(group, offset, 's', address, count),
        AllLanes<U64, ulong, TCount, TForm>(group, offset, 'd', address, count),
    ];

    private static Row[] OneLane<TSize, E, TCount, TForm>(string group, string offset, string scale, string lane, char size, string address, int count)
        where TSize : struct, IVectorAccess where E : unmanaged where TCount : struct, ICount where TForm : struct, IWriteBack
    {
        char letter = char.ToUpperInvariant(size);
        string tail = $"{offset}{scale}{(count - 1) >> 1}{lane}NNNNNvvvvv", list = $"{{v*{count}.{letter}}}[{{option:d}}], ";
        int r = (count - 1) & 1;
        return
        [
            new RowOf<Store<TSize, E, TCount, TForm>> { Pattern = $"0q{group}0{r}{tail}", Name = Name("ST", count, letter, TForm.WritesBack), Text = Text<TForm>($"st{count}", list, address) },
            new RowOf<Load<TSize, E, TCount, TForm>> { Pattern = $"0q{group}1{r}{tail}", Name = Name("LD", count, letter, TForm.WritesBack), Text = Text<TForm>($"ld{count}", list, address) },
        ];
    }

    private static RowOf<Replicate<TSize, E, TCount, TForm>> AllLanes<TSize, E, TCount, TForm>(string group, string offset, char size, string address, int count)
        where TSize : struct, IVectorAccess where E : unmanaged where TCount : struct, ICount where TForm : struct, IWriteBack => new()
        {
            Pattern = $"0z{group}1{(count - 1) & 1}{offset}11{(count - 1) >> 1}0{SimdRow.Size(size)}NNNNNvvvvv",
            Name = SimdRow.Name($"LD{count}R{(TForm.WritesBack ? " (post-index)" : "")}", size),
            Text = Text<TForm>($"ld{count}r", $"{{v*{count}.{size}}}, ", address),
        };

    private static string Name(string start, int count, char letter, bool writesBack) => $"{start}{count} (single structure{(writesBack ? ", post-index" : "")}), {letter}";

    private static string Text<TForm>(string mnemonic, string list, string address) where TForm : struct, IWriteBack
        => TForm.WritesBack ? $"?m=31 {mnemonic} {list}[{{n}}], #{{imm:d}} | {mnemonic} {list}{address}" : $"{mnemonic} {list}{address}";

    private static bool Decode(uint word, int size, int count, ref Operands o)
    {
        uint number = (Bits.Field(word, 30, 30) << 3) | Bits.Field(word, 12, 10);
        o.Option = (byte)(number >> System.Numerics.BitOperations.Log2((uint)size));
        o.Aux = 0; // an inserted element is the first of what was loaded
        o.Imm = count * size;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool LoadAll<M, X, TSize, TCount>(ref M m, X at, out V128 a, out V128 b, out V128 c, out V128 d)
        where M : struct, IA64Machine<X> where X : struct, IWord<X> where TSize : struct, IVectorAccess where TCount : struct, ICount
    {
        b = c = d = default;
        if (!m.LoadV<TSize>(at, out a)) return false;
        if (TCount.Registers > 1 && !m.LoadV<TSize>(at + m.Imm<X>(TSize.Bytes), out b)) return false;
        if (TCount.Registers > 2 && !m.LoadV<TSize>(at + m.Imm<X>(2 * TSize.Bytes), out c)) return false;
        return TCount.Registers <= 3 || m.LoadV<TSize>(at + m.Imm<X>(3 * TSize.Bytes), out d);
    }

    private readonly struct Load<TSize, E, TCount, TForm> : IInstruction where TSize : struct, IVectorAccess where E : unmanaged where TCount : struct, ICount where TForm : struct, IWriteBack
    {
        static bool IInstruction.UsesBase => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)] // too long for RyuJIT to do it of its own
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o) || !m.CheckBase(o)) return;
            X at = m.X<X>(o.Rn);
            if (!LoadAll<M, X, TSize, TCount>(ref m, at, out V128 a, out V128 b, out V128 c, out V128 d)) return;
            WriteBack.Do<M, X, TForm>(ref m, at, o);
            Insert<M, X>(ref m, o, 0, a);
            if (TCount.Registers > 1) Insert<M, X>(ref m, o, 1, b);
            if (TCount.Registers > 2) Insert<M, X>(ref m, o, 2, c);
            if (TCount.Registers > 3) Insert<M, X>(ref m, o, 3, d);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Insert<M, X>(ref M m, in Operands o, int place, V128 element) where M : struct, IA64Machine<X> where X : struct, IWord<X>
        {
            int register = (o.Rd + place) & 31;
            V128 old = m.V(register);
            V128 inserted = m.Vector<InsertElement<E>>(o, element, element, old);
            m.SetV(register, inserted);
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => SingleStructures.Decode(word, TSize.Bytes, TCount.Registers, ref o);
    }

    private readonly struct Replicate<TSize, E, TCount, TForm> : IInstruction where TSize : struct, IVectorAccess where E : unmanaged where TCount : struct, ICount where TForm : struct, IWriteBack
    {
        static bool IInstruction.UsesBase => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)] // too long for RyuJIT to do it of its own
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o) || !m.CheckBase(o)) return;
            X at = m.X<X>(o.Rn);
            if (!LoadAll<M, X, TSize, TCount>(ref m, at, out V128 a, out V128 b, out V128 c, out V128 d)) return;
            WriteBack.Do<M, X, TForm>(ref m, at, o);
            Duplicate<M, T, X>(ref m, o, 0, a);
            if (TCount.Registers > 1) Duplicate<M, T, X>(ref m, o, 1, b);
            if (TCount.Registers > 2) Duplicate<M, T, X>(ref m, o, 2, c);
            if (TCount.Registers > 3) Duplicate<M, T, X>(ref m, o, 3, d);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Duplicate<M, T, X>(ref M m, in Operands o, int place, V128 element) where M : struct, IA64Machine<X> where T : struct, IWord<T> where X : struct, IWord<X>
        {
            V128 all = m.Vector<DuplicateElement<E>>(o, element, element, element);
            if (T.Bits == 32) all = m.LowHalf(all);
            m.SetV((o.Rd + place) & 31, all);
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Imm = TCount.Registers * TSize.Bytes;
            return true;
        }
    }

    private readonly struct Store<TSize, E, TCount, TForm> : IInstruction where TSize : struct, IVectorAccess where E : unmanaged where TCount : struct, ICount where TForm : struct, IWriteBack
    {
        static bool IInstruction.UsesBase => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)] // too long for RyuJIT to do it of its own
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o) || !m.CheckBase(o)) return;
            X at = m.X<X>(o.Rn);
            if (TCount.Registers > 1 && !m.CheckStores<TSize>(at, TCount.Registers * TSize.Bytes)) return;
            for (int i = 0; i < TCount.Registers; i++)
            {
                V128 register = m.V((o.Rd + i) & 31);
                V128 element = m.Vector<Element<E>>(o, register, register, register);
                if (!m.StoreV<TSize>(at + m.Imm<X>(i * TSize.Bytes), element)) return;
            }

            WriteBack.Do<M, X, TForm>(ref m, at, o);
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => SingleStructures.Decode(word, TSize.Bytes, TCount.Registers, ref o);
    }
}
