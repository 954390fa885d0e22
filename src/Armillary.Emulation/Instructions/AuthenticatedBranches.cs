using Armillary.Arm64;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;
using static Armillary.Emulation.Instructions.SignedPointers;

namespace Armillary.Emulation.Instructions;

/// <summary>Branches to a pointer that is authenticated first (FEAT_PAuth), and the instructions that branches may land on (FEAT_BTI).</summary>
internal static class AuthenticatedBranches
{
    public static Row[] Rows() => [.. Forms<KeyIA>("0", "a"), .. Forms<KeyIB>("1", "b")];

    // HINT #32, #34, #36 and #38. To execute, they are NOPs.
    public static Row[] Targets() =>
    [
        Target("00", "bti", Landing.None), Target("01", "bti c", Landing.Call), Target("10", "bti j", Landing.Jump), Target("11", "bti jc", Landing.Any),
    ];

    private static Row[] Forms<TKey>(string bit, string key) where TKey : struct, IKey
    {
        string upper = key.ToUpperInvariant();
        return
        [
            new RowOf<Jump<TKey>> { Pattern = $"110101100001111100001{bit}nnnnn11111", Name = $"BRA{upper}Z", Text = $"bra{key}z {{n}}", Feature = Feature.PAuth },
            new RowOf<Call<TKey>> { Pattern = $"110101100011111100001{bit}nnnnn11111", Name = $"BLRA{upper}Z", Text = $"blra{key}z {{n}}", Feature = Feature.PAuth },
            new RowOf<Return<TKey>> { Pattern = $"110101100101111100001{bit}1111111111", Name = $"RETA{upper}", Text = $"reta{key}", Feature = Feature.PAuth },
            new RowOf<ExceptionReturn<TKey>> { Pattern = $"110101101001111100001{bit}1111111111", Name = $"ERETA{upper}", Text = $"ereta{key}", Feature = Feature.PAuth },
            new RowOf<Jump<TKey>> { Pattern = $"110101110001111100001{bit}nnnnnMMMMM", Name = $"BRA{upper}", Text = $"bra{key} {{n}}, {{m}}", Feature = Feature.PAuth },
            new RowOf<Call<TKey>> { Pattern = $"110101110011111100001{bit}nnnnnMMMMM", Name = $"BLRA{upper}", Text = $"blra{key} {{n}}, {{m}}", Feature = Feature.PAuth },
        ];
    }

    private static RowOf<Nop> Target(string bits, string text, Landing landing)
        => new() { Pattern = $"110101010000001100100100{bits}011111", Name = text.ToUpperInvariant(), Text = text, Feature = Feature.BTI, Landing = landing };

    private readonly struct Jump<TKey> : IInstruction where TKey : struct, IKey
    {
        static IndirectBranch IInstruction.IndirectBranch => IndirectBranch.Jump;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CallPair<CheckCode<TKey>>(o, m.X<X>(o.Rn), m.X<X>(o.Rm), out X target)) return;
            m.BranchIndirect(target, o);
        }
    }

    private readonly struct Call<TKey> : IInstruction where TKey : struct, IKey
    {
        static IndirectBranch IInstruction.IndirectBranch => IndirectBranch.Call;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CallPair<CheckCode<TKey>>(o, m.X<X>(o.Rn), m.X<X>(o.Rm), out X target)) return;
            m.BranchWithLinkTo(target, o);
        }
    }

    private readonly struct Return<TKey> : IInstruction where TKey : struct, IKey
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CallPair<CheckCode<TKey>>(o, m.X<X>(o.Rn), m.X<X>(o.Rm), out X target)) return;
            m.BranchTo(target);
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            (o.Rn, o.Rm) = (RegisterSlots.Link, RegisterSlots.StackPointer);
            return true;
        }
    }

    // ELR_EL1 is authenticated with SP before the state is taken back.
    private readonly struct ExceptionReturn<TKey> : IInstruction where TKey : struct, IKey
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.Call<Leave>(o, m.X<X>(o.Rn), out _);

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Rn = RegisterSlots.StackPointer;
            return true;
        }

        private readonly struct Leave : IHelper
        {
            static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
            {
                result = 0;
                if (cpu.ExceptionLevel == 0) return cpu.TakeUndefined(o);
                if (!cpu.Signer.TryAuthenticate(cpu.Registers[SystemRegister.ELR_EL1], argument, TKey.Key, out ulong address)) return cpu.TakePointerFault(TKey.Key, o);
                cpu.ReturnFromException(address);
                return HelperOutcome.Jump;
            }
        }
    }
}
