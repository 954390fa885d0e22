using System.Runtime.CompilerServices;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using static Armillary.Emulation.Instructions.Simd.CopyAndPermute;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>
/// LD1 to LD4 and ST1 to ST4 of whole registers (Arm ARM C4.1.91, "Advanced SIMD load/store multiple structures"). The
/// elements are accesses of their own, as far as alignment goes; all are loaded before a register changes, and all are
/// checked before one is stored.
/// </summary>
internal static class Structures
{
    public static Row[] Rows() => [.. Of<Stay>("0011000", "000000", "[{n}]"), .. Of<Advance>("0011001", "0mmmmm", "[{n}], {xm}")];

    private static IEnumerable<Row> Of<TForm>(string group, string offset, string address) where TForm : struct, IWriteBack =>
    [
        .. Consecutive<One, TForm>(group, offset, "0111", address, 1),
        .. Consecutive<Two, TForm>(group, offset, "1010", address, 2),
        .. Consecutive<Three, TForm>(group, offset, "0110", address, 3),
        .. Consecutive<Four, TForm>(group, offset, "0010", address, 4),
        .. Interleaved<Two, TForm>(group, offset, "1000", address, 2),
        .. Interleaved<Three, TForm>(group, offset, "0100", address, 3),
        .. Interleaved<Four, TForm>(group, offset, "0000", address, 4),
    ];

    private static Row[] Consecutive<TCount, TForm>(string group, string offset, string opcode, string address, int count) where TCount : struct, ICount where TForm : struct, IWriteBack =>
    [
        .. Both<U8, byte, TCount, Apart, TForm>(group, offset, opcode + "00", 'b', "1", address, count),
        .. Both<U16, ushort, TCount, Apart, TForm>(group, offset, opcode + "01", 'h', "1", address, count),
        .. Both<U32, uint, TCount, Apart, TForm>(group, offset, opcode + "10", 's', "1", address, count),
        .. Both<U64, ulong, TCount, Apart, TForm>(group, offset, opcode + "11", 'd', "1", address, count),
    ];

    // A structure of single doublewords in half registers does not exist.
    private static Row[] Interleaved<TCount, TForm>(string group, string offset, string opcode, string address, int count) where TCount : struct, ICount where TForm : struct, IWriteBack =>
    [
        .. Both<U8, byte, TCount, Woven, TForm>(group, offset, opcode + "00", 'b', $"{count}", address, count),
        .. Both<U16, ushort, TCount, Woven, TForm>(group, offset, opcode + "01", 'h', $"{count}", address, count),
        .. Both<U32, uint, TCount, Woven, TForm>(group, offset, opcode + "10", 's', $"{count}", address, count),
        .. Both<U64, ulong, TCount, Woven, TForm>(group, offset, opcode + "11", 'd', $"{count}", address, count, "1"),
    ];

    private static Row[] Both<TSize, E, TCount, TWeave, TForm>(string group, string offset, string opcode, char size, string number, string address, int count, string q = "z")
        where TSize : struct, IVectorAccess where E : unmanaged where TCount : struct, ICount where TWeave : struct, IWeave where TForm : struct, IWriteBack
    {
        string list = $"{{v*{count}.{size}}}, ", form = TForm.WritesBack ? ", post-index" : "";
        string Text(string mnemonic) => TForm.WritesBack ? $"?m=31 {mnemonic} {list}[{{n}}], #{{imm:d}} | {mnemonic} {list}{address}" : $"{mnemonic} {list}{address}";
        return
        [
            new RowOf<Store<TSize, E, TCount, TWeave, TForm>> { Pattern = $"0{q}{group}0{offset}{opcode}NNNNNvvvvv", Name = $"ST{number} (multiple structures{form}), {count} registers, {char.ToUpperInvariant(size)}", Text = Text("st" + number) },
            new RowOf<Load<TSize, E, TCount, TWeave, TForm>> { Pattern = $"0{q}{group}1{offset}{opcode}NNNNNvvvvv", Name = $"LD{number} (multiple structures{form}), {count} registers, {char.ToUpperInvariant(size)}", Text = Text("ld" + number) },
        ];
    }

    private interface IWeave
    {
        static abstract bool Interleaves { get; }
    }

    private readonly struct Apart : IWeave
    {
        static bool IWeave.Interleaves => false;
    }

    private readonly struct Woven : IWeave
    {
        static bool IWeave.Interleaves => true;
    }

    private readonly struct Load<TSize, E, TCount, TWeave, TForm> : IInstruction
        where TSize : struct, IVectorAccess where E : unmanaged where TCount : struct, ICount where TWeave : struct, IWeave where TForm : struct, IWriteBack
    {
        static bool IInstruction.UsesBase => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)] // too long for RyuJIT to do it of its own
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o) || !m.CheckBase(o)) return;
            int bytes = T.Bits / 4;
            X at = m.X<X>(o.Rn);
            V128 a, b = default, c = default, d = default;
            if (!m.LoadElements<TSize>(at, bytes, out a)) return;
            if (TCount.Registers > 1 && !m.LoadElements<TSize>(at + m.Imm<X>(bytes), bytes, out b)) return;
            if (TCount.Registers > 2 && !m.LoadElements<TSize>(at + m.Imm<X>(2 * bytes), bytes, out c)) return;
            if (TCount.Registers > 3 && !m.LoadElements<TSize>(at + m.Imm<X>(3 * bytes), bytes, out d)) return;
            if (TWeave.Interleaves && TCount.Registers == 2)
            {
                (a, b) = (m.Vector<Unzip1<E>>(o, a, b, a), m.Vector<Unzip2<E>>(o, a, b, a));
            }
            else if (TWeave.Interleaves && TCount.Registers == 3)
            {
                (a, b, c) = (m.Vector<Unweave3<E, One>>(o, a, b, c), m.Vector<Unweave3<E, Two>>(o, a, b, c), m.Vector<Unweave3<E, Three>>(o, a, b, c));
            }
            else if (TWeave.Interleaves)
            {
                V128 even = m.Vector<Unzip1<E>>(o, a, b, a), evenToo = m.Vector<Unzip1<E>>(o, c, d, c);
                V128 odd = m.Vector<Unzip2<E>>(o, a, b, a), oddToo = m.Vector<Unzip2<E>>(o, c, d, c);
                a = m.Vector<Unzip1<E>>(o, even, evenToo, even);
                b = m.Vector<Unzip1<E>>(o, odd, oddToo, odd);
                c = m.Vector<Unzip2<E>>(o, even, evenToo, even);
                d = m.Vector<Unzip2<E>>(o, odd, oddToo, odd);
            }

            WriteBack.Do<M, X, TForm>(ref m, at, o);
            Set<M, T, X>(ref m, o.Rd, a);
            if (TCount.Registers > 1) Set<M, T, X>(ref m, o.Rd + 1, b);
            if (TCount.Registers > 2) Set<M, T, X>(ref m, o.Rd + 2, c);
            if (TCount.Registers > 3) Set<M, T, X>(ref m, o.Rd + 3, d);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Set<M, T, X>(ref M m, int register, V128 value) where M : struct, IA64Machine<X> where T : struct, IWord<T> where X : struct, IWord<X>
        {
            if (T.Bits == 32) value = m.LowHalf(value);
            m.SetV(register & 31, value);
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Imm = TCount.Registers * (o.Is64 ? 16 : 8);
            return true;
        }
    }

    private readonly struct Store<TSize, E, TCount, TWeave, TForm> : IInstruction
        where TSize : struct, IVectorAccess where E : unmanaged where TCount : struct, ICount where TWeave : struct, IWeave where TForm : struct, IWriteBack
    {
        static bool IInstruction.UsesBase => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)] // too long for RyuJIT to do it of its own
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o) || !m.CheckBase(o)) return;
            int bytes = T.Bits / 4;
            X at = m.X<X>(o.Rn);
            if (!m.CheckStores<TSize>(at, TCount.Registers * bytes)) return;
            V128 a = m.V(o.Rd), b = default, c = default, d = default;
            if (TCount.Registers > 1) b = m.V((o.Rd + 1) & 31);
            if (TCount.Registers > 2) c = m.V((o.Rd + 2) & 31);
            if (TCount.Registers > 3) d = m.V((o.Rd + 3) & 31);
            if (TWeave.Interleaves && TCount.Registers == 2)
            {
                (a, b) = (m.Vector<Zip1<E>>(o, a, b, a), m.Vector<Zip2<E>>(o, a, b, a));
            }
            else if (TWeave.Interleaves && TCount.Registers == 3)
            {
                (a, b, c) = (m.Vector<Weave3<E, One>>(o, a, b, c), m.Vector<Weave3<E, Two>>(o, a, b, c), m.Vector<Weave3<E, Three>>(o, a, b, c));
            }
            else if (TWeave.Interleaves)
            {
                V128 even = m.Vector<Zip1<E>>(o, a, c, a), evenToo = m.Vector<Zip2<E>>(o, a, c, a);
                V128 odd = m.Vector<Zip1<E>>(o, b, d, b), oddToo = m.Vector<Zip2<E>>(o, b, d, b);
                a = m.Vector<Zip1<E>>(o, even, odd, even);
                b = m.Vector<Zip2<E>>(o, even, odd, even);
                c = m.Vector<Zip1<E>>(o, evenToo, oddToo, even);
                d = m.Vector<Zip2<E>>(o, evenToo, oddToo, even);
            }

            if (!m.StoreElements<TSize>(at, bytes, a)) return;
            if (TCount.Registers > 1 && !m.StoreElements<TSize>(at + m.Imm<X>(bytes), bytes, b)) return;
            if (TCount.Registers > 2 && !m.StoreElements<TSize>(at + m.Imm<X>(2 * bytes), bytes, c)) return;
            if (TCount.Registers > 3 && !m.StoreElements<TSize>(at + m.Imm<X>(3 * bytes), bytes, d)) return;
            WriteBack.Do<M, X, TForm>(ref m, at, o);
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Imm = TCount.Registers * (o.Is64 ? 16 : 8);
            return true;
        }
    }
}
