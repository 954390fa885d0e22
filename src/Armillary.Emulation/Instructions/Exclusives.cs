using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions;

/// <summary>Exclusives, load-acquire and store-release, compare and swap (Arm ARM C4.1.91).</summary>
internal static class Exclusives
{
    // Rs and Rt2 are (1)(1)(1)(1)(1) where unused: a word without is undefined here. Acquire and release need no row of their
    // own on exclusives: the machine orders them all.
    public static Row[] Exclusive() =>
    [
        new RowOf<StoreOne<U8>> { Pattern = "00001000000ssssso11111NNNNNttttt", Name = "STXRB, STLXRB", Text = "st{?o:l}xrb {ws}, {wt}, [{n}]" },
        new RowOf<StoreOne<U16>> { Pattern = "01001000000ssssso11111NNNNNttttt", Name = "STXRH, STLXRH", Text = "st{?o:l}xrh {ws}, {wt}, [{n}]" },
        new RowOf<StoreOne<U32>> { Pattern = "10001000000ssssso11111NNNNNttttt", Name = "STXR, STLXR, 32 bits", Text = "st{?o:l}xr {ws}, {wt}, [{n}]" },
        new RowOf<StoreOne<U64>> { Pattern = "11001000000ssssso11111NNNNNttttt", Name = "STXR, STLXR, 64 bits", Text = "st{?o:l}xr {ws}, {t}, [{n}]" },
        new RowOf<LoadOne<U8>> { Pattern = "0000100001011111o11111NNNNNddddd", Name = "LDXRB, LDAXRB", Text = "ld{?o:a}xrb {wd}, [{n}]" },
        new RowOf<LoadOne<U16>> { Pattern = "0100100001011111o11111NNNNNddddd", Name = "LDXRH, LDAXRH", Text = "ld{?o:a}xrh {wd}, [{n}]" },
        new RowOf<LoadOne<U32>> { Pattern = "1000100001011111o11111NNNNNddddd", Name = "LDXR, LDAXR, 32 bits", Text = "ld{?o:a}xr {wd}, [{n}]" },
        new RowOf<LoadOne<U64>> { Pattern = "1100100001011111o11111NNNNNddddd", Name = "LDXR, LDAXR, 64 bits", Text = "ld{?o:a}xr {d}, [{n}]" },
        new RowOf<StoreTwo<U32>> { Pattern = "10001000001sssssoaaaaaNNNNNttttt", Name = "STXP, STLXP, 32 bits", Text = "st{?o:l}xp {ws}, {wt}, {wa}, [{n}]" },
        new RowOf<StoreTwo<U64>> { Pattern = "11001000001sssssoaaaaaNNNNNttttt", Name = "STXP, STLXP, 64 bits", Text = "st{?o:l}xp {ws}, {t}, {a}, [{n}]" },
        new RowOf<LoadTwo<U32>> { Pattern = "1000100001111111oeeeeeNNNNNddddd", Name = "LDXP, LDAXP, 32 bits", Text = "ld{?o:a}xp {wd}, {we}, [{n}]" },
        new RowOf<LoadTwo<U64>> { Pattern = "1100100001111111oeeeeeNNNNNddddd", Name = "LDXP, LDAXP, 64 bits", Text = "ld{?o:a}xp {d}, {e}, [{n}]" },
    ];

    public static Row[] Ordered() =>
    [
        new RowOf<Release<U8>> { Pattern = "0000100010011111111111NNNNNttttt", Name = "STLRB", Text = "stlrb {wt}, [{n}]" },
        new RowOf<Release<U16>> { Pattern = "0100100010011111111111NNNNNttttt", Name = "STLRH", Text = "stlrh {wt}, [{n}]" },
        new RowOf<Release<U32>> { Pattern = "1000100010011111111111NNNNNttttt", Name = "STLR, 32 bits", Text = "stlr {wt}, [{n}]" },
        new RowOf<Release<U64>> { Pattern = "1100100010011111111111NNNNNttttt", Name = "STLR, 64 bits", Text = "stlr {t}, [{n}]" },
        new RowOf<Acquire<U8>> { Pattern = "0000100011011111111111NNNNNddddd", Name = "LDARB", Text = "ldarb {wd}, [{n}]" },
        new RowOf<Acquire<U16>> { Pattern = "0100100011011111111111NNNNNddddd", Name = "LDARH", Text = "ldarh {wd}, [{n}]" },
        new RowOf<Acquire<U32>> { Pattern = "1000100011011111111111NNNNNddddd", Name = "LDAR, 32 bits", Text = "ldar {wd}, [{n}]" },
        new RowOf<Acquire<U64>> { Pattern = "1100100011011111111111NNNNNddddd", Name = "LDAR, 64 bits", Text = "ldar {d}, [{n}]" },

        // FEAT_LOR: there are no regions, so they order everything (B2.3.13).
        new RowOf<Release<U8>> { Pattern = "0000100010011111011111NNNNNttttt", Name = "STLLRB", Text = "stllrb {wt}, [{n}]", Feature = Feature.LOR },
        new RowOf<Acquire<U8>> { Pattern = "0000100011011111011111NNNNNddddd", Name = "LDLARB", Text = "ldlarb {wd}, [{n}]", Feature = Feature.LOR },
        new RowOf<Release<U16>> { Pattern = "0100100010011111011111NNNNNttttt", Name = "STLLRH", Text = "stllrh {wt}, [{n}]", Feature = Feature.LOR },
        new RowOf<Acquire<U16>> { Pattern = "0100100011011111011111NNNNNddddd", Name = "LDLARH", Text = "ldlarh {wd}, [{n}]", Feature = Feature.LOR },
        new RowOf<Release<U32>> { Pattern = "1000100010011111011111NNNNNttttt", Name = "STLLR, 32 bits", Text = "stllr {wt}, [{n}]", Feature = Feature.LOR },
        new RowOf<Acquire<U32>> { Pattern = "1000100011011111011111NNNNNddddd", Name = "LDLAR, 32 bits", Text = "ldlar {wd}, [{n}]", Feature = Feature.LOR },
        new RowOf<Release<U64>> { Pattern = "1100100010011111011111NNNNNttttt", Name = "STLLR, 64 bits", Text = "stllr {t}, [{n}]", Feature = Feature.LOR },
        new RowOf<Acquire<U64>> { Pattern = "1100100011011111011111NNNNNddddd", Name = "LDLAR, 64 bits", Text = "ldlar {d}, [{n}]", Feature = Feature.LOR },
    ];

    public static Row[] CompareAndSwap() =>
    [
        new RowOf<Cas<U8>> { Pattern = "000010001p1cccccq11111NNNNNttttt", Name = "CASB", Text = "cas{?p:a}{?q:l}b {wc}, {wt}, [{n}]" },
        new RowOf<Cas<U16>> { Pattern = "010010001p1cccccq11111NNNNNttttt", Name = "CASH", Text = "cas{?p:a}{?q:l}h {wc}, {wt}, [{n}]" },
        new RowOf<Cas<U32>> { Pattern = "100010001p1cccccq11111NNNNNttttt", Name = "CAS, 32 bits", Text = "cas{?p:a}{?q:l} {wc}, {wt}, [{n}]" },
        new RowOf<Cas<U64>> { Pattern = "110010001p1cccccq11111NNNNNttttt", Name = "CAS, 64 bits", Text = "cas{?p:a}{?q:l} {c}, {t}, [{n}]" },
        new RowOf<Casp<U32>> { Pattern = "000010000p1cccccq11111NNNNNttttt", Name = "CASP, 32 bits", Text = "casp{?p:a}{?q:l} {wc}, {wc+1}, {wt}, {wt+1}, [{n}]" },
        new RowOf<Casp<U64>> { Pattern = "010010000p1cccccq11111NNNNNttttt", Name = "CASP, 64 bits", Text = "casp{?p:a}{?q:l} {c}, {c+1}, {t}, {t+1}, [{n}]" },
    ];

    public static Row[] Rcpc() =>
    [
        new RowOf<Acquire<U8>> { Pattern = "0011100010111111110000NNNNNddddd", Name = "LDAPRB", Text = "ldaprb {wd}, [{n}]" },
        new RowOf<Acquire<U16>> { Pattern = "0111100010111111110000NNNNNddddd", Name = "LDAPRH", Text = "ldaprh {wd}, [{n}]" },
        new RowOf<Acquire<U32>> { Pattern = "1011100010111111110000NNNNNddddd", Name = "LDAPR, 32 bits", Text = "ldapr {wd}, [{n}]" },
        new RowOf<Acquire<U64>> { Pattern = "1111100010111111110000NNNNNddddd", Name = "LDAPR, 64 bits", Text = "ldapr {d}, [{n}]" },
    ];

    public static Row[] RcpcUnscaled() =>
    [
        new RowOf<ReleaseAt<U8>> { Pattern = "00011001000iiiiiiiii00NNNNNttttt", Name = "STLURB", Text = "stlurb {wt}, [{n}{offset}]" },
        new RowOf<AcquireAt<U8>> { Pattern = "00011001010iiiiiiiii00NNNNNddddd", Name = "LDAPURB", Text = "ldapurb {wd}, [{n}{offset}]" },
        new RowOf<AcquireAt<S8>> { Pattern = "00011001100iiiiiiiii00NNNNNddddd", Name = "LDAPURSB, 64 bits", Text = "ldapursb {d}, [{n}{offset}]" },
        new RowOf<AcquireAt<S8>> { Pattern = "00011001110iiiiiiiii00NNNNNddddd", Name = "LDAPURSB, 32 bits", Is64 = false, Text = "ldapursb {d}, [{n}{offset}]" },
        new RowOf<ReleaseAt<U16>> { Pattern = "01011001000iiiiiiiii00NNNNNttttt", Name = "STLURH", Text = "stlurh {wt}, [{n}{offset}]" },
        new RowOf<AcquireAt<U16>> { Pattern = "01011001010iiiiiiiii00NNNNNddddd", Name = "LDAPURH", Text = "ldapurh {wd}, [{n}{offset}]" },
        new RowOf<AcquireAt<S16>> { Pattern = "01011001100iiiiiiiii00NNNNNddddd", Name = "LDAPURSH, 64 bits", Text = "ldapursh {d}, [{n}{offset}]" },
        new RowOf<AcquireAt<S16>> { Pattern = "01011001110iiiiiiiii00NNNNNddddd", Name = "LDAPURSH, 32 bits", Is64 = false, Text = "ldapursh {d}, [{n}{offset}]" },
        new RowOf<ReleaseAt<U32>> { Pattern = "10011001000iiiiiiiii00NNNNNttttt", Name = "STLUR, 32 bits", Text = "stlur {wt}, [{n}{offset}]" },
        new RowOf<AcquireAt<U32>> { Pattern = "10011001010iiiiiiiii00NNNNNddddd", Name = "LDAPUR, 32 bits", Text = "ldapur {wd}, [{n}{offset}]" },
        new RowOf<AcquireAt<S32>> { Pattern = "10011001100iiiiiiiii00NNNNNddddd", Name = "LDAPURSW", Text = "ldapursw {d}, [{n}{offset}]" },
        new RowOf<ReleaseAt<U64>> { Pattern = "11011001000iiiiiiiii00NNNNNttttt", Name = "STLUR, 64 bits", Text = "stlur {t}, [{n}{offset}]" },
        new RowOf<AcquireAt<U64>> { Pattern = "11011001010iiiiiiiii00NNNNNddddd", Name = "LDAPUR, 64 bits", Text = "ldapur {d}, [{n}{offset}]" },
    ];

    // C6.2.243
    private readonly struct LoadOne<TSize> : IInstruction where TSize : struct, IAccess
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            if (!m.LoadExclusive<TSize, T>(m.X<X>(o.Rn), out T value)) return;
            m.SetX(o.Rd, value);
        }
    }

    // C6.2.242
    private readonly struct LoadTwo<TSize> : IInstruction where TSize : struct, IAccess
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            if (!m.LoadExclusivePair<TSize, T>(m.X<X>(o.Rn), out T first, out T second)) return;
            m.SetX(o.Rd, first);
            m.SetX(o.Ra, second);
        }
    }

    // C6.2.432
    private readonly struct StoreOne<TSize> : IInstruction where TSize : struct, IAccess
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            if (!m.StoreExclusive<TSize, T>(m.X<X>(o.Rn), m.X<T>(o.Rd), out X status)) return;
            m.SetX(o.Rm, status);
        }
    }

    // C6.2.431
    private readonly struct StoreTwo<TSize> : IInstruction where TSize : struct, IAccess
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            if (!m.StoreExclusivePair<TSize, T>(m.X<X>(o.Rn), m.X<T>(o.Rd), m.X<T>(o.Ra), out X status)) return;
            m.SetX(o.Rm, status);
        }
    }

    // C6.2.165; LDAPR may be ordered less, never more is needed.
    private readonly struct Acquire<TSize> : IInstruction where TSize : struct, IAccess
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            if (!m.LoadAcquire<TSize, T>(m.X<X>(o.Rn), out T value)) return;
            m.SetX(o.Rd, value);
        }
    }

    // C6.2.371
    private readonly struct Release<TSize> : IInstruction where TSize : struct, IAccess
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            m.StoreRelease<TSize, T>(m.X<X>(o.Rn), m.X<T>(o.Rd));
        }
    }

    // C6.2.157
    private readonly struct AcquireAt<TSize> : IInstruction where TSize : struct, IAccess
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            if (!m.LoadAcquire<TSize, T>(m.X<X>(o.Rn) + m.Imm<X>(o.Imm), out T value)) return;
            m.SetX(o.Rd, value);
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => Unscaled.DecodeImm9(word, ref o);
    }

    // C6.2.374
    private readonly struct ReleaseAt<TSize> : IInstruction where TSize : struct, IAccess
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            m.StoreRelease<TSize, T>(m.X<X>(o.Rn) + m.Imm<X>(o.Imm), m.X<T>(o.Rd));
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => Unscaled.DecodeImm9(word, ref o);
    }

    // C6.2.37
    private readonly struct Cas<TSize> : IInstruction where TSize : struct, IAccess
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            if (!m.CompareAndSwap<TSize, T>(m.X<X>(o.Rn), m.X<T>(o.Rm), m.X<T>(o.Rd), out T old)) return;
            m.SetX(o.Ra, old);
        }
    }

    // C6.2.40
    private readonly struct Casp<TSize> : IInstruction where TSize : struct, IAccess
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            // Register pairs start even, so the second is the first's number plus one, at most 31: ZR.
            byte second = (byte)(o.Rm + 1), desired = (byte)(o.Rd + 1), result = second;
            if (second == RegisterSlots.Zero) result = RegisterSlots.Discard;
            if (!m.CompareAndSwapPair<TSize, T>(m.X<X>(o.Rn), m.X<T>(o.Rm), m.X<T>(second), m.X<T>(o.Rd), m.X<T>(desired), out T first, out T last)) return;
            m.SetX(o.Ra, first);
            m.SetX(result, last);
        }

        static bool IInstruction.Decode(uint word, ref Operands o) => ((o.Rm | o.Rd) & 1) == 0;
    }
}
