using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions;

/// <summary>Data processing with one, two and three sources (Arm ARM C4.1.93).</summary>
internal static class DataProcessing
{
    public static Row[] OneSource() =>
    [
        new RowOf<Unary<Rbit>> { Pattern = "z101101011000000000000nnnnnddddd", Name = "RBIT", Text = "rbit {d}, {n}" },
        new RowOf<Unary<Rev16>> { Pattern = "z101101011000000000001nnnnnddddd", Name = "REV16", Text = "rev16 {d}, {n}" },
        new RowOf<Unary<Rev>> { Pattern = "0101101011000000000010nnnnnddddd", Name = "REV, 32 bits", Is64 = false, Text = "rev {d}, {n}" },
        new RowOf<Unary<Rev32>> { Pattern = "1101101011000000000010nnnnnddddd", Name = "REV32", Text = "rev32 {d}, {n}" },
        new RowOf<Unary<Rev>> { Pattern = "1101101011000000000011nnnnnddddd", Name = "REV, 64 bits", Text = "rev {d}, {n}" },
        new RowOf<Unary<Clz>> { Pattern = "z101101011000000000100nnnnnddddd", Name = "CLZ", Text = "clz {d}, {n}" },
        new RowOf<Unary<Cls>> { Pattern = "z101101011000000000101nnnnnddddd", Name = "CLS", Text = "cls {d}, {n}" },
        new RowOf<Unary<Ctz>> { Pattern = "z101101011000000000110nnnnnddddd", Name = "CTZ", Text = "ctz {d}, {n}", Feature = Feature.CSSC },
        new RowOf<Unary<Cnt>> { Pattern = "z101101011000000000111nnnnnddddd", Name = "CNT", Text = "cnt {d}, {n}", Feature = Feature.CSSC },
        new RowOf<Unary<Abs>> { Pattern = "z101101011000000001000nnnnnddddd", Name = "ABS", Text = "abs {d}, {n}", Feature = Feature.CSSC },
    ];

    public static Row[] TwoSource() =>
    [
        new RowOf<Binary<Udiv>> { Pattern = "z0011010110mmmmm000010nnnnnddddd", Name = "UDIV", Text = "udiv {d}, {n}, {m}" },
        new RowOf<Binary<Sdiv>> { Pattern = "z0011010110mmmmm000011nnnnnddddd", Name = "SDIV", Text = "sdiv {d}, {n}, {m}" },
        new RowOf<Binary<Lslv>> { Pattern = "z0011010110mmmmm001000nnnnnddddd", Name = "LSLV", Text = "lsl {d}, {n}, {m}" },
        new RowOf<Binary<Lsrv>> { Pattern = "z0011010110mmmmm001001nnnnnddddd", Name = "LSRV", Text = "lsr {d}, {n}, {m}" },
        new RowOf<Binary<Asrv>> { Pattern = "z0011010110mmmmm001010nnnnnddddd", Name = "ASRV", Text = "asr {d}, {n}, {m}" },
        new RowOf<Binary<Rorv>> { Pattern = "z0011010110mmmmm001011nnnnnddddd", Name = "RORV", Text = "ror {d}, {n}, {m}" },
        new RowOf<Crc<CrcOf<Ieee, U8>>> { Pattern = "00011010110mmmmm010000nnnnnddddd", Name = "CRC32B", Text = "crc32b {wd}, {wn}, {wm}" },
        new RowOf<Crc<CrcOf<Ieee, U16>>> { Pattern = "00011010110mmmmm010001nnnnnddddd", Name = "CRC32H", Text = "crc32h {wd}, {wn}, {wm}" },
        new RowOf<Crc<CrcOf<Ieee, U32>>> { Pattern = "00011010110mmmmm010010nnnnnddddd", Name = "CRC32W", Text = "crc32w {wd}, {wn}, {wm}" },
        new RowOf<Crc<CrcOf<Ieee, U64>>> { Pattern = "10011010110mmmmm010011nnnnnddddd", Name = "CRC32X", Text = "crc32x {wd}, {wn}, {xm}" },
        new RowOf<Crc<CrcOf<Castagnoli, U8>>> { Pattern = "00011010110mmmmm010100nnnnnddddd", Name = "CRC32CB", Text = "crc32cb {wd}, {wn}, {wm}" },
        new RowOf<Crc<CrcOf<Castagnoli, U16>>> { Pattern = "00011010110mmmmm010101nnnnnddddd", Name = "CRC32CH", Text = "crc32ch {wd}, {wn}, {wm}" },
        new RowOf<Crc<CrcOf<Castagnoli, U32>>> { Pattern = "00011010110mmmmm010110nnnnnddddd", Name = "CRC32CW", Text = "crc32cw {wd}, {wn}, {wm}" },
        new RowOf<Crc<CrcOf<Castagnoli, U64>>> { Pattern = "10011010110mmmmm010111nnnnnddddd", Name = "CRC32CX", Text = "crc32cx {wd}, {wn}, {xm}" },
    ];

    public static Row[] ThreeSource() =>
    [
        new RowOf<MultiplyAdd<Plus>> { Pattern = "z0011011000mmmmm0aaaaannnnnddddd", Name = "MADD", Text = "?a=31 mul {d}, {n}, {m} | madd {d}, {n}, {m}, {a}" },
        new RowOf<MultiplyAdd<Minus>> { Pattern = "z0011011000mmmmm1aaaaannnnnddddd", Name = "MSUB", Text = "?a=31 mneg {d}, {n}, {m} | msub {d}, {n}, {m}, {a}" },
        new RowOf<MultiplyLong<Plus, SignedWord>> { Pattern = "10011011001mmmmm0aaaaannnnnddddd", Name = "SMADDL", Text = "?a=31 smull {d}, {wn}, {wm} | smaddl {d}, {wn}, {wm}, {a}" },
        new RowOf<MultiplyLong<Minus, SignedWord>> { Pattern = "10011011001mmmmm1aaaaannnnnddddd", Name = "SMSUBL", Text = "?a=31 smnegl {d}, {wn}, {wm} | smsubl {d}, {wn}, {wm}, {a}" },
        new RowOf<MultiplyLong<Plus, UnsignedWord>> { Pattern = "10011011101mmmmm0aaaaannnnnddddd", Name = "UMADDL", Text = "?a=31 umull {d}, {wn}, {wm} | umaddl {d}, {wn}, {wm}, {a}" },
        new RowOf<MultiplyLong<Minus, UnsignedWord>> { Pattern = "10011011101mmmmm1aaaaannnnnddddd", Name = "UMSUBL", Text = "?a=31 umnegl {d}, {wn}, {wm} | umsubl {d}, {wn}, {wm}, {a}" },
        new RowOf<Binary<SignedHigh>> { Pattern = "10011011010mmmmm011111nnnnnddddd", Name = "SMULH", Text = "smulh {d}, {n}, {m}" },
        new RowOf<Binary<UnsignedHigh>> { Pattern = "10011011110mmmmm011111nnnnnddddd", Name = "UMULH", Text = "umulh {d}, {n}, {m}" },
    ];

    private interface IUnary
    {
        static abstract T Of<M, T, X>(ref M m, T a) where M : struct, IA64Machine<X> where T : struct, IWord<T> where X : struct, IWord<X>;
    }

    private readonly struct Unary<TOperation> : IInstruction where TOperation : struct, IUnary
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.SetX(o.Rd, TOperation.Of<M, T, X>(ref m, m.X<T>(o.Rn)));
    }

    private readonly struct Rbit : IUnary
    {
        static T IUnary.Of<M, T, X>(ref M m, T a) => T.ReverseBits(a);
    }

    private readonly struct Rev : IUnary
    {
        static T IUnary.Of<M, T, X>(ref M m, T a) => T.ReverseBytes(a);
    }

    private readonly struct Rev32 : IUnary
    {
        static T IUnary.Of<M, T, X>(ref M m, T a) => T.RotateRight(T.ReverseBytes(a), 32);
    }

    private readonly struct Rev16 : IUnary
    {
        static T IUnary.Of<M, T, X>(ref M m, T a)
        {
            T even = m.Imm<T>(0x00ff_00ff_00ff_00ff);
            return ((a >>> 8) & even) | ((a & even) << 8);
        }
    }

    private readonly struct Clz : IUnary
    {
        static T IUnary.Of<M, T, X>(ref M m, T a) => T.CountLeadingZeros(a);
    }

    // C6.2.80: bits below the sign that equal it. The highest 1 of a ^ (a >> 1) is where they end.
    private readonly struct Cls : IUnary
    {
        static T IUnary.Of<M, T, X>(ref M m, T a) => T.CountLeadingZeros(((a ^ (a >> 1)) << 1) | m.Imm<T>(1));
    }

    // C6.2.1
    private readonly struct Abs : IUnary
    {
        static T IUnary.Of<M, T, X>(ref M m, T a)
        {
            T zero = m.Imm<T>(0), negated = zero - a;
            Flag isNegative = m.LessSigned(a, zero);
            return m.Select(isNegative, negated, a);
        }
    }

    private readonly struct Ctz : IUnary
    {
        static T IUnary.Of<M, T, X>(ref M m, T a) => T.CountLeadingZeros(T.ReverseBits(a));
    }

    // Sums of 2, 4 and 8 bits, then the bytes added up in the top one.
    private readonly struct Cnt : IUnary
    {
        static T IUnary.Of<M, T, X>(ref M m, T a)
        {
            T odd = m.Imm<T>(0x5555_5555_5555_5555), pairs = m.Imm<T>(0x3333_3333_3333_3333), nibbles = m.Imm<T>(0x0f0f_0f0f_0f0f_0f0f);
            a -= (a >>> 1) & odd;
            a = (a & pairs) + ((a >>> 2) & pairs);
            a = (a + (a >>> 4)) & nibbles;
            return (a * m.Imm<T>(0x0101_0101_0101_0101)) >>> (T.Bits - 8);
        }
    }

    private interface IBinary
    {
        static abstract T Of<T>(T a, T b) where T : struct, IWord<T>;
    }

    private readonly struct Binary<TOperation> : IInstruction where TOperation : struct, IBinary
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.SetX(o.Rd, TOperation.Of(m.X<T>(o.Rn), m.X<T>(o.Rm)));
    }

    private readonly struct Udiv : IBinary
    {
        static T IBinary.Of<T>(T a, T b) => T.DivideUnsigned(a, b);
    }

    private readonly struct Sdiv : IBinary
    {
        static T IBinary.Of<T>(T a, T b) => T.DivideSigned(a, b);
    }

    private readonly struct Lslv : IBinary
    {
        static T IBinary.Of<T>(T a, T b) => T.ShiftLeft(a, b);
    }

    private readonly struct Lsrv : IBinary
    {
        static T IBinary.Of<T>(T a, T b) => T.ShiftRightLogical(a, b);
    }

    private readonly struct Asrv : IBinary
    {
        static T IBinary.Of<T>(T a, T b) => T.ShiftRightArithmetic(a, b);
    }

    private readonly struct Rorv : IBinary
    {
        static T IBinary.Of<T>(T a, T b) => T.RotateRight(a, b);
    }

    private readonly struct SignedHigh : IBinary
    {
        static T IBinary.Of<T>(T a, T b) => T.MultiplyHighSigned(a, b);
    }

    private readonly struct UnsignedHigh : IBinary
    {
        static T IBinary.Of<T>(T a, T b) => T.MultiplyHighUnsigned(a, b);
    }

    // C6.2.215, C6.2.260
    private readonly struct MultiplyAdd<TOperation> : IInstruction where TOperation : struct, IOperation
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.SetX(o.Rd, TOperation.Apply(m.X<T>(o.Ra), m.X<T>(o.Rn) * m.X<T>(o.Rm)));
    }

    private interface IExtension
    {
        static abstract T Of<T>(T value) where T : struct, IWord<T>;
    }

    private readonly struct SignedWord : IExtension
    {
        static T IExtension.Of<T>(T value) => Word.SignExtend(value, 32);
    }

    private readonly struct UnsignedWord : IExtension
    {
        static T IExtension.Of<T>(T value) => Word.ZeroExtend(value, 32);
    }

    // C6.2.346, C6.2.468
    private readonly struct MultiplyLong<TOperation, TExtension> : IInstruction where TOperation : struct, IOperation where TExtension : struct, IExtension
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
            => m.SetX(o.Rd, TOperation.Apply(m.X<X>(o.Ra), TExtension.Of(m.X<X>(o.Rn)) * TExtension.Of(m.X<X>(o.Rm))));
    }

    // C6.2.108: the accumulator is Rn, which the helper reads itself, and the data Rm.
    private readonly struct Crc<TCrc> : IInstruction where TCrc : struct, IHelper
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.Call<TCrc>(o, m.X<X>(o.Rm), out X result)) return;
            m.SetX(o.Rd, result);
        }
    }

    private interface IPolynomial
    {
        static abstract uint Step(uint crc, byte data);
    }

    private readonly struct Ieee : IPolynomial
    {
        static uint IPolynomial.Step(uint crc, byte data) => Crc32.Ieee[(byte)(crc ^ data)] ^ (crc >> 8);
    }

    private readonly struct Castagnoli : IPolynomial
    {
        static uint IPolynomial.Step(uint crc, byte data) => Crc32.Castagnoli[(byte)(crc ^ data)] ^ (crc >> 8);
    }

    private readonly struct CrcOf<TPolynomial, TSize> : IHelper where TPolynomial : struct, IPolynomial where TSize : struct, IAccess
    {
        static unsafe HelperOutcome IHelper.Invoke(Cpu.SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            uint crc = (uint)cpu.State->X[o.Rn];
            for (int i = 0; i < TSize.Bytes; i++) crc = TPolynomial.Step(crc, (byte)(argument >> (8 * i)));
            result = crc;
            return HelperOutcome.Continue;
        }
    }
}

/// <summary>Tables of the two reflected CRC-32 polynomials.</summary>
internal static class Crc32
{
    public static readonly uint[] Ieee = Make(0xedb8_8320);

    public static readonly uint[] Castagnoli = Make(0x82f6_3b78);

    private static uint[] Make(uint polynomial)
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (polynomial & (0 - (crc & 1)));
            table[i] = crc;
        }

        return table;
    }
}
