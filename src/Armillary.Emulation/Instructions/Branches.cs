using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions;

/// <summary>Branches (Arm ARM C4.1.90).</summary>
internal static class Branches
{
    public static Row[] Immediate() =>
    [
        new RowOf<B> { Pattern = "000101iiiiiiiiiiiiiiiiiiiiiiiiii", Name = "B", Text = "b {target}" },
        new RowOf<Bl> { Pattern = "100101iiiiiiiiiiiiiiiiiiiiiiiiii", Name = "BL", Text = "bl {target}" },
    ];

    public static Row[] Compare() =>
    [
        new RowOf<Cb<IfZero>> { Pattern = "z0110100iiiiiiiiiiiiiiiiiiittttt", Name = "CBZ", Text = "cbz {t}, {target}" },
        new RowOf<Cb<IfNotZero>> { Pattern = "z0110101iiiiiiiiiiiiiiiiiiittttt", Name = "CBNZ", Text = "cbnz {t}, {target}" },
    ];

    public static Row[] Test() =>
    [
        new RowOf<Tb<IfZero>> { Pattern = "z0110110kkkkkiiiiiiiiiiiiiittttt", Name = "TBZ", Text = "tbz {t}, #{bit:d}, {target}" },
        new RowOf<Tb<IfNotZero>> { Pattern = "z0110111kkkkkiiiiiiiiiiiiiittttt", Name = "TBNZ", Text = "tbnz {t}, #{bit:d}, {target}" },
    ];

    public static Row[] Conditional() =>
    [
        .. Conditions(hinted: false), .. Conditions(hinted: true),
    ];

    public static Row[] Register() =>
    [
        new RowOf<Br> { Pattern = "1101011000011111000000nnnnn00000", Name = "BR", Text = "br {n}" },
        new RowOf<Blr> { Pattern = "1101011000111111000000nnnnn00000", Name = "BLR", Text = "blr {n}" },
        new RowOf<Ret> { Pattern = "1101011001011111000000nnnnn00000", Name = "RET", Text = "?n=30 ret | ret {n}" },
    ];

    private static Row[] Conditions(bool hinted) =>
    [
        BCond<C0>(0, hinted), BCond<C1>(1, hinted), BCond<C2>(2, hinted), BCond<C3>(3, hinted), BCond<C4>(4, hinted), BCond<C5>(5, hinted),
        BCond<C6>(6, hinted), BCond<C7>(7, hinted), BCond<C8>(8, hinted), BCond<C9>(9, hinted), BCond<C10>(10, hinted), BCond<C11>(11, hinted),
        BCond<C12>(12, hinted), BCond<C13>(13, hinted), BCond<C14>(14, hinted), BCond<C14>(15, hinted), // NV means always too
    ];

    // BC.cond says besides that the branch will go as it went before (FEAT_HBC).
    private static RowOf<BranchIf<C>> BCond<C>(int condition, bool hinted) where C : struct, IConst
    {
        string mnemonic = hinted ? "bc." : "b.", suffix = ConditionNames[condition];
        return new()
        {
            Pattern = $"01010100iiiiiiiiiiiiiiiiiii{(hinted ? 1 : 0)}{Convert.ToString(condition, 2).PadLeft(4, '0')}",
            Name = $"{mnemonic.ToUpperInvariant()}cond, {suffix}",
            Text = $"{mnemonic}{suffix} {{target}}",
            Feature = hinted ? Feature.HBC : Feature.None,
        };
    }

    internal static readonly string[] ConditionNames = ["eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al", "nv"];

    private static void SetTarget(uint word, ref Operands o, int high, int low) => o.Imm = (long)o.Pc + (Bits.SignedField(word, high, low) << 2);

    private readonly struct B : IInstruction
    {
        static bool IInstruction.IsDirectBranch => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.Branch(o);

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            SetTarget(word, ref o, 25, 0);
            return true;
        }
    }

    private readonly struct Bl : IInstruction
    {
        static bool IInstruction.IsDirectBranch => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.BranchWithLink(o);

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            SetTarget(word, ref o, 25, 0);
            return true;
        }
    }

    private interface ISense
    {
        static abstract Flag Of<M, X>(ref M m, Flag isZero) where M : struct, IA64Machine<X> where X : struct, IWord<X>;
    }

    private readonly struct IfZero : ISense
    {
        static Flag ISense.Of<M, X>(ref M m, Flag isZero) => isZero;
    }

    private readonly struct IfNotZero : ISense
    {
        static Flag ISense.Of<M, X>(ref M m, Flag isZero) => m.Not(isZero);
    }

    private readonly struct Cb<TSense> : IInstruction where TSense : struct, ISense
    {
        static bool IInstruction.IsDirectBranch => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.BranchIf(TSense.Of<M, X>(ref m, m.IsZero(m.X<T>(o.Rd))), o);

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            SetTarget(word, ref o, 23, 5);
            return true;
        }
    }

    private readonly struct Tb<TSense> : IInstruction where TSense : struct, ISense
    {
        static bool IInstruction.IsDirectBranch => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.BranchIf(TSense.Of<M, X>(ref m, m.Not(m.Bit(m.X<X>(o.Rd), o.Option))), o);

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Option = (byte)((Bits.Field(word, 31, 31) << 5) | Bits.Field(word, 23, 19));
            SetTarget(word, ref o, 18, 5);
            return true;
        }
    }

    // The condition is a type, so that its evaluation is chosen when the handler is compiled.
    private readonly struct BranchIf<C> : IInstruction where C : struct, IConst
    {
        static bool IInstruction.IsDirectBranch => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.BranchIf(m.Condition(C.Value), o);

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            SetTarget(word, ref o, 23, 5);
            return true;
        }
    }

    private readonly struct Ret : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.BranchTo(m.X<X>(o.Rn));
    }

    private readonly struct Br : IInstruction
    {
        static IndirectBranch IInstruction.IndirectBranch => IndirectBranch.Jump;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.BranchIndirect(m.X<X>(o.Rn), o);
    }

    private readonly struct Blr : IInstruction
    {
        static IndirectBranch IInstruction.IndirectBranch => IndirectBranch.Call;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.BranchWithLinkTo(m.X<X>(o.Rn), o);
    }

    private interface IConst
    {
        static abstract int Value { get; }
    }

    private readonly struct C0 : IConst
    {
        static int IConst.Value => 0;
    }

    private readonly struct C1 : IConst
    {
        static int IConst.Value => 1;
    }

    private readonly struct C2 : IConst
    {
        static int IConst.Value => 2;
    }

    private readonly struct C3 : IConst
    {
        static int IConst.Value => 3;
    }

    private readonly struct C4 : IConst
    {
        static int IConst.Value => 4;
    }

    private readonly struct C5 : IConst
    {
        static int IConst.Value => 5;
    }

    private readonly struct C6 : IConst
    {
        static int IConst.Value => 6;
    }

    private readonly struct C7 : IConst
    {
        static int IConst.Value => 7;
    }

    private readonly struct C8 : IConst
    {
        static int IConst.Value => 8;
    }

    private readonly struct C9 : IConst
    {
        static int IConst.Value => 9;
    }

    private readonly struct C10 : IConst
    {
        static int IConst.Value => 10;
    }

    private readonly struct C11 : IConst
    {
        static int IConst.Value => 11;
    }

    private readonly struct C12 : IConst
    {
        static int IConst.Value => 12;
    }

    private readonly struct C13 : IConst
    {
        static int IConst.Value => 13;
    }

    private readonly struct C14 : IConst
    {
        static int IConst.Value => 14;
    }
}
