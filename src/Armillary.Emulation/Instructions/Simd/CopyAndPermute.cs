using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>Elements that change places (Arm ARM C4.1.94, "Advanced SIMD copy", "permute", "extract" and "table lookup").</summary>
internal static class CopyAndPermute
{
    // imm5 is the size, as its lowest bit that is 1, and the lane above it.
    public static Row[] Copy() =>
    [
        .. Four<Vector1<DuplicateElement<byte>>, Vector1<DuplicateElement<ushort>>, Vector1<DuplicateElement<uint>>, Vector1<DuplicateElement<ulong>>>("0z001110000", "000001", "DUP (element)", "dup {v.$}, {u}.$[{option:d}]"),
        .. Four<DuplicateGeneral<byte>, DuplicateGeneral<ushort>, DuplicateGeneral<uint>, DuplicateGeneral<ulong>>("0z001110000", "000011", "DUP (general)", "dup {v.$}, {wn}"),
        Row<MoveToGeneral<sbyte>>("0z001110000iiii1001011uuuuuddddd", "SMOV, B", "smov {d}, {u}.b[{option:d}]"),
        Row<MoveToGeneral<short>>("0z001110000iii10001011uuuuuddddd", "SMOV, H", "smov {d}, {u}.h[{option:d}]"),
        Row<MoveToGeneral<int>>("01001110000ii100001011uuuuuddddd", "SMOV, S", "smov {d}, {u}.s[{option:d}]"),
        Row<MoveToGeneral<byte>>("00001110000iiii1001111uuuuuddddd", "UMOV, B", "umov {wd}, {u}.b[{option:d}]"),
        Row<MoveToGeneral<ushort>>("00001110000iii10001111uuuuuddddd", "UMOV, H", "umov {wd}, {u}.h[{option:d}]"),
        Row<MoveToGeneral<uint>>("00001110000ii100001111uuuuuddddd", "UMOV, S", "mov {wd}, {u}.s[{option:d}]"),
        Row<MoveToGeneral<ulong>>("01001110000i1000001111uuuuuddddd", "UMOV, D", "mov {xd}, {u}.d[{option:d}]"),
        .. Four<InsertGeneral<byte>, InsertGeneral<ushort>, InsertGeneral<uint>, InsertGeneral<ulong>>("01001110000", "000111", "INS (general)", "mov {v}.$[{option:d}], {wn}"),
        .. Four<WholeAccumulate<InsertElement<byte>>, WholeAccumulate<InsertElement<ushort>>, WholeAccumulate<InsertElement<uint>>, WholeAccumulate<InsertElement<ulong>>>("01101110000", "0jjjj1", "INS (element)", "mov {v}.$[{option:d}], {u}.$[{aux:d}]"),
    ];

    public static Row[] ScalarCopy() =>
        [.. Four<Whole1<Element<byte>>, Whole1<Element<ushort>>, Whole1<Element<uint>>, Whole1<Element<ulong>>>("01011110000", "000001", "DUP (element, scalar)", "mov {v%}, {u}.$[{option:d}]")];

    public static Row[] Permute() =>
    [
        .. Permutations<Unzip1<byte>, Unzip1<ushort>, Unzip1<uint>, Unzip1<ulong>>("001", "uzp1"),
        .. Permutations<Transpose1<byte>, Transpose1<ushort>, Transpose1<uint>, Transpose1<ulong>>("010", "trn1"),
        .. Permutations<Zip1<byte>, Zip1<ushort>, Zip1<uint>, Zip1<ulong>>("011", "zip1"),
        .. Permutations<Unzip2<byte>, Unzip2<ushort>, Unzip2<uint>, Unzip2<ulong>>("101", "uzp2"),
        .. Permutations<Transpose2<byte>, Transpose2<ushort>, Transpose2<uint>, Transpose2<ulong>>("110", "trn2"),
        .. Permutations<Zip2<byte>, Zip2<ushort>, Zip2<uint>, Zip2<ulong>>("111", "zip2"),
    ];

    public static Row[] Extract() =>
    [
        Row<Vector2<ExtractBytes>>("00101110000wwwww00iii0uuuuuvvvvv", "EXT, 8B", "ext {v.8b}, {u.8b}, {w.8b}, #{aux:d}", is64: false),
        Row<Vector2<ExtractBytes>>("01101110000wwwww0iiii0uuuuuvvvvv", "EXT, 16B", "ext {v.16b}, {u.16b}, {w.16b}, #{aux:d}"),
    ];

    private static IEnumerable<Row> Four<TB, TH, TS, TD>(string start, string opcode, string name, string text) where TB : struct, IInstruction where TH : struct, IInstruction where TS : struct, IInstruction where TD : struct, IInstruction
    {
        string Pattern(char size) => $"{(size == 'd' ? start.Replace('z', '1') : start)}{size switch { 'b' => "iiii1", 'h' => "iii10", 's' => "ii100", _ => "i1000" }}{opcode}{(text.Contains("{wn}", StringComparison.Ordinal) ? "nnnnn" : "uuuuu")}vvvvv";
        return
        [
            Row<TB>(Pattern('b'), SimdRow.Name(name, 'b'), SimdRow.Text(text, 'b')),
            Row<TH>(Pattern('h'), SimdRow.Name(name, 'h'), SimdRow.Text(text, 'h')),
            Row<TS>(Pattern('s'), SimdRow.Name(name, 's'), SimdRow.Text(text, 's')),
            Row<TD>(Pattern('d'), SimdRow.Name(name, 'd'), SimdRow.Text(text, 'd').Replace("{wn}", "{xn}", StringComparison.Ordinal)),
        ];
    }

    private static Row[] Permutations<TB, TH, TS, TD>(string opcode, string mnemonic) where TB : struct, IVectorOperation where TH : struct, IVectorOperation where TS : struct, IVectorOperation where TD : struct, IVectorOperation =>
    [
        Row<Vector2<TB>>($"0z001110000wwwww0{opcode}10uuuuuvvvvv", mnemonic.ToUpperInvariant() + ", B", mnemonic + " {v.b}, {u.b}, {w.b}"),
        Row<Vector2<TH>>($"0z001110010wwwww0{opcode}10uuuuuvvvvv", mnemonic.ToUpperInvariant() + ", H", mnemonic + " {v.h}, {u.h}, {w.h}"),
        Row<Vector2<TS>>($"0z001110100wwwww0{opcode}10uuuuuvvvvv", mnemonic.ToUpperInvariant() + ", S", mnemonic + " {v.s}, {u.s}, {w.s}"),
        Row<Vector2<TD>>($"01001110110wwwww0{opcode}10uuuuuvvvvv", mnemonic.ToUpperInvariant() + ", D", mnemonic + " {v.d}, {u.d}, {w.d}"),
    ];

    private static RowOf<I> Row<I>(string pattern, string name, string text, bool is64 = true) where I : struct, IInstruction => new() { Pattern = pattern, Name = name, Text = text, Is64 = is64 };

    /// <summary>imm5 above the bit that is the size, to Option; imm4 above the bits below the size, to Aux.</summary>
    private static bool DecodeLane<E>(uint word, ref Operands o) where E : unmanaged
    {
        int size = System.Numerics.BitOperations.Log2((uint)Unsafe.SizeOf<E>());
        o.Option = (byte)(Bits.Field(word, 20, 16) >> (size + 1));
        o.Aux = (int)(Bits.Field(word, 14, 11) >> size);
        return true;
    }

    /// <summary>Lane Option of Vn, all over.</summary>
    internal readonly struct DuplicateElement<E> : IVectorOperation where E : unmanaged
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Vector128.Create(Lane.Get<E>(n, o.Option)).AsByte();

        static bool IVectorOperation.Decode(uint word, ref Operands o) => DecodeLane<E>(word, ref o);
    }

    /// <summary>Lane Option of Vn, and zeros.</summary>
    internal readonly struct Element<E> : IVectorOperation where E : unmanaged
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Vector128.CreateScalar(Lane.Get<E>(n, o.Option)).AsByte();

        static bool IVectorOperation.Decode(uint word, ref Operands o) => DecodeLane<E>(word, ref o);
    }

    /// <summary>Lane Option of Vd is lane Aux of Vn.</summary>
    internal readonly struct InsertElement<E> : IVectorOperation where E : unmanaged
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => d.As<byte, E>().WithElement(o.Option, Lane.Get<E>(n, o.Aux)).AsByte();

        static bool IVectorOperation.Decode(uint word, ref Operands o) => DecodeLane<E>(word, ref o);
    }

    /// <summary>Lane Option of Vn as a signed or unsigned doubleword.</summary>
    private readonly struct WidenElement<E> : IVectorOperation where E : unmanaged, System.Numerics.IBinaryInteger<E>
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => Vector128.CreateScalar(ulong.CreateTruncating(Lane.Get<E>(n, o.Option))).AsByte();
    }

    // C7.2.91
    private readonly struct DuplicateGeneral<E> : IInstruction where E : unmanaged
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            V128 n = m.FromX(m.X<X>(o.Rn), m.Imm<X>(0));
            V128 result = m.Vector<DuplicateElement<E>>(o, n, n, n); // Option is 0: the register is lane 0
            if (T.Bits == 32) result = m.LowHalf(result);
            m.SetV(o.Rd, result);
        }
    }

    // C7.2.175: all but the lane stays.
    private readonly struct InsertGeneral<E> : IInstruction where E : unmanaged
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            V128 n = m.FromX(m.X<X>(o.Rn), m.Imm<X>(0)), d = m.V(o.Rd);
            m.SetV(o.Rd, m.Vector<InsertElement<E>>(o, n, n, d));
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            DecodeLane<E>(word, ref o);
            o.Aux = 0;
            return true;
        }
    }

    // SMOV and UMOV, C7.2.279 and C7.2.371
    private readonly struct MoveToGeneral<E> : IInstruction where E : unmanaged, System.Numerics.IBinaryInteger<E>
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            V128 n = m.V(o.Rn);
            V128 wide = m.Vector<WidenElement<E>>(o, n, n, n);
            m.SetX(o.Rd, m.Narrow<T>(m.ToX(wide, 0)));
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => DecodeLane<E>(word, ref o);
    }

    internal readonly struct Unzip1<E> : IVectorOperation where E : unmanaged
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Permutation.Unzip<E>(n, m, odd: false, o.Is64);
    }

    internal readonly struct Unzip2<E> : IVectorOperation where E : unmanaged
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Permutation.Unzip<E>(n, m, odd: true, o.Is64);
    }

    internal readonly struct Zip1<E> : IVectorOperation where E : unmanaged
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Permutation.Zip<E>(n, m, upper: false, o.Is64);
    }

    internal readonly struct Zip2<E> : IVectorOperation where E : unmanaged
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Permutation.Zip<E>(n, m, upper: true, o.Is64);
    }

    private readonly struct Transpose1<E> : IVectorOperation where E : unmanaged
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Permutation.Transpose<E>(n, m, odd: false);
    }

    private readonly struct Transpose2<E> : IVectorOperation where E : unmanaged
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Permutation.Transpose<E>(n, m, odd: true);
    }

    /// <summary>EXT (C7.2.43): bytes from number Aux on of Vn and behind it Vm.</summary>
    private readonly struct ExtractBytes : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
        {
            // A shuffle gives 0 for numbers above 15, and those before Vm are such numbers.
            Vector128<byte> order = Vector128<byte>.Indices + Vector128.Create((byte)o.Aux);
            return o.Is64
                ? Vector128.Shuffle(n, order) | Vector128.Shuffle(m, order - Vector128.Create((byte)16))
                : Vector128.Shuffle(Lane.Lows(n, m), order);
        }

        static bool IVectorOperation.Decode(uint word, ref Operands o)
        {
            o.Aux = (int)Bits.Field(word, 14, 11);
            return true;
        }
    }
}
