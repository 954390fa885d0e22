using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Floating;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions.Floating;

/// <summary>Floating-point compare, conditional compare and conditional select (Arm ARM C4.1.96).</summary>
internal static class ScalarCompare
{
    public static Row[] Compare() => [.. Compare<Binary32>("00", 'S'), .. Compare<Binary64>("01", 'D'), .. Compare<Binary16>("11", 'H').Of(Feature.FP16)];

    public static Row[] ConditionalCompare() => [.. Conditional<Binary32>("00", 'S'), .. Conditional<Binary64>("01", 'D'), .. Conditional<Binary16>("11", 'H').Of(Feature.FP16)];

    public static Row[] Select() => [Select<Binary32>("00", 'S'), Select<Binary64>("01", 'D'), Select<Binary16>("11", 'H').Of(Feature.FP16)];

    private static Row[] Compare<F>(string type, char r) where F : struct, IFormat =>
    [
        new RowOf<CompareWith<Nzcv<F, Quiet>>> { Pattern = $"00011110{type}1wwwww001000uuuuu00000", Name = $"FCMP, {r}", Text = $"fcmp {{u{r}}}, {{w{r}}}" },
        new RowOf<CompareWithZero<Nzcv<F, Quiet>>> { Pattern = $"00011110{type}1xxxxx001000uuuuu01000", Name = $"FCMP (zero), {r}", Text = $"fcmp {{u{r}}}, #0.0" },
        new RowOf<CompareWith<Nzcv<F, Signalling>>> { Pattern = $"00011110{type}1wwwww001000uuuuu10000", Name = $"FCMPE, {r}", Text = $"fcmpe {{u{r}}}, {{w{r}}}" },
        new RowOf<CompareWithZero<Nzcv<F, Signalling>>> { Pattern = $"00011110{type}1xxxxx001000uuuuu11000", Name = $"FCMPE (zero), {r}", Text = $"fcmpe {{u{r}}}, #0.0" },
    ];

    private static Row[] Conditional<F>(string type, char r) where F : struct, IFormat =>
    [
        new RowOf<CompareIf<Nzcv<F, Quiet>>> { Pattern = $"00011110{type}1wwwwwkkkk01uuuuu0ffff", Name = $"FCCMP, {r}", Text = $"fccmp {{u{r}}}, {{w{r}}}, #{{f:x}}, {{cond}}" },
        new RowOf<CompareIf<Nzcv<F, Signalling>>> { Pattern = $"00011110{type}1wwwwwkkkk01uuuuu1ffff", Name = $"FCCMPE, {r}", Text = $"fccmpe {{u{r}}}, {{w{r}}}, #{{f:x}}, {{cond}}" },
    ];

    private static RowOf<SelectOf<F>> Select<F>(string type, char r) where F : struct, IFormat
        => new() { Pattern = $"00011110{type}1wwwwwkkkk11uuuuuvvvvv", Name = $"FCSEL, {r}", Text = $"fcsel {{v{r}}}, {{u{r}}}, {{w{r}}}, {{cond}}" };

    private interface ISignals
    {
        static abstract bool OfQuietNaNs { get; }
    }

    private readonly struct Quiet : ISignals
    {
        public static bool OfQuietNaNs => false;
    }

    private readonly struct Signalling : ISignals
    {
        public static bool OfQuietNaNs => true;
    }

    // NZCV as a number with the flags in bits 31:28.
    private readonly struct Nzcv<F, TSignals> : IFloatingOperation where F : struct, IFormat where TSignals : struct, ISignals
    {
        static Vector128<byte> IFloatingOperation.Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => Vector128.CreateScalar((ulong)Comparison.Compare<F>(ref fp, Lane<F>.Scalar(n), Lane<F>.Scalar(m), TSignals.OfQuietNaNs) << 28).AsByte();
    }

    // C7.2.66, C7.2.67
    private readonly struct CompareWith<TNzcv> : IInstruction where TNzcv : struct, IFloatingOperation
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            V128 first = m.V(o.Rn);
            V128 flags = m.Floating<TNzcv>(o, first, m.V(o.Rm), first);
            m.SetNzcv(m.ToX(flags, 0));
        }
    }

    private readonly struct CompareWithZero<TNzcv> : IInstruction where TNzcv : struct, IFloatingOperation
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            V128 first = m.V(o.Rn), zero = m.FromX(m.Imm<X>(0), m.Imm<X>(0));
            V128 flags = m.Floating<TNzcv>(o, first, zero, first);
            m.SetNzcv(m.ToX(flags, 0));
        }
    }

    // C7.2.58, C7.2.59. If the condition fails zeros are compared, for that sets no flag of FPSR.
    private readonly struct CompareIf<TNzcv> : IInstruction where TNzcv : struct, IFloatingOperation
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            Flag holds = m.Condition(o.Option);
            X zero = m.Imm<X>(0);
            V128 first = m.FromX(m.Select(holds, m.ToX(m.V(o.Rn), 0), zero), zero);
            V128 second = m.FromX(m.Select(holds, m.ToX(m.V(o.Rm), 0), zero), zero);
            V128 flags = m.Floating<TNzcv>(o, first, second, first);
            m.SetNzcv(m.Select(holds, m.ToX(flags, 0), m.Imm<X>(o.Imm)));
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Option = Bits.Condition(word);
            o.Imm = Bits.Field(word, 3, 0) << 28;
            return true;
        }
    }

    // C7.2.73
    private readonly struct SelectOf<F> : IInstruction where F : struct, IFormat
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            Flag holds = m.Condition(o.Option);
            X value = m.Select(holds, m.ToX(m.V(o.Rn), 0), m.ToX(m.V(o.Rm), 0));
            m.SetV(o.Rd, m.FromX(Word.ZeroExtend(value, F.Bits), m.Imm<X>(0)));
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Option = Bits.Condition(word);
            return true;
        }
    }
}
