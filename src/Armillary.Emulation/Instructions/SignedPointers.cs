using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;
using Armillary.Emulation.PointerAuthentication;

namespace Armillary.Emulation.Instructions;

/// <summary>Pointer authentication: signing, authenticating and stripping, and loads by a signed pointer (FEAT_PAuth).</summary>
internal static class SignedPointers
{
    public static Row[] OneSource() =>
    [
        .. Forms<KeyIA>("ia", "00"), .. Forms<KeyIB>("ib", "01"), .. Forms<KeyDA>("da", "10"), .. Forms<KeyDB>("db", "11"),
        new RowOf<Strip<StripInstruction, InRegister>> { Pattern = "110110101100000101000011111bbbbb", Name = "XPACI", Text = "xpaci {d}", Feature = Feature.PAuth },
        new RowOf<Strip<StripData, InRegister>> { Pattern = "110110101100000101000111111bbbbb", Name = "XPACD", Text = "xpacd {d}", Feature = Feature.PAuth },
    ];

    public static Row[] TwoSource() =>
    [
        new RowOf<Generic> { Pattern = "10011010110MMMMM001100nnnnnddddd", Name = "PACGA", Text = "pacga {d}, {n}, {m}", Feature = Feature.PAuth },
    ];

    // CRm:op2 of the hints. They are NOPs where the feature is not there.
    public static Row[] Hints() =>
    [
        Hint<Strip<StripInstruction, LinkByZero>>("0000", "111", "xpaclri"),
        Hint<Sign<KeyIA, X17ByX16>>("0001", "000", "pacia1716"),
        Hint<Sign<KeyIB, X17ByX16>>("0001", "010", "pacib1716"),
        Hint<Authenticate<KeyIA, X17ByX16>>("0001", "100", "autia1716"),
        Hint<Authenticate<KeyIB, X17ByX16>>("0001", "110", "autib1716"),
        Hint<Sign<KeyIA, LinkByZero>>("0011", "000", "paciaz"),
        Hint<Sign<KeyIA, LinkByStack>>("0011", "001", "paciasp", Landing.Signing),
        Hint<Sign<KeyIB, LinkByZero>>("0011", "010", "pacibz"),
        Hint<Sign<KeyIB, LinkByStack>>("0011", "011", "pacibsp", Landing.Signing),
        Hint<Authenticate<KeyIA, LinkByZero>>("0011", "100", "autiaz"),
        Hint<Authenticate<KeyIA, LinkByStack>>("0011", "101", "autiasp"),
        Hint<Authenticate<KeyIB, LinkByZero>>("0011", "110", "autibz"),
        Hint<Authenticate<KeyIB, LinkByStack>>("0011", "111", "autibsp"),
    ];

    public static Row[] Loads() =>
    [
        new RowOf<Load<KeyDA, Plain>> { Pattern = "111110000k1iiiiiiiii01NNNNNddddd", Name = "LDRAA (offset)", Text = "ldraa {d}, [{n}{offset}]", Feature = Feature.PAuth },
        new RowOf<Load<KeyDA, WriteBack>> { Pattern = "111110000k1iiiiiiiii11NNNNNddddd", Name = "LDRAA (pre-index)", Text = "ldraa {d}, [{n}{offset}]!", Feature = Feature.PAuth },
        new RowOf<Load<KeyDB, Plain>> { Pattern = "111110001k1iiiiiiiii01NNNNNddddd", Name = "LDRAB (offset)", Text = "ldrab {d}, [{n}{offset}]", Feature = Feature.PAuth },
        new RowOf<Load<KeyDB, WriteBack>> { Pattern = "111110001k1iiiiiiiii11NNNNNddddd", Name = "LDRAB (pre-index)", Text = "ldrab {d}, [{n}{offset}]!", Feature = Feature.PAuth },
    ];

    // PACIA, PACIZA, AUTIA, AUTIZA and their kin: bit 13 is a modifier of zero, bit 12 authentication, bits 11:10 the key.
    private static Row[] Forms<TKey>(string key, string bits) where TKey : struct, IKey =>
    [
        new RowOf<Sign<TKey, InRegister>> { Pattern = $"11011010110000010000{bits}NNNNNbbbbb", Name = "PAC" + key.ToUpperInvariant(), Text = $"pac{key} {{d}}, {{n}}", Feature = Feature.PAuth },
        new RowOf<Authenticate<TKey, InRegister>> { Pattern = $"11011010110000010001{bits}NNNNNbbbbb", Name = "AUT" + key.ToUpperInvariant(), Text = $"aut{key} {{d}}, {{n}}", Feature = Feature.PAuth },
        new RowOf<Sign<TKey, InRegister>> { Pattern = $"11011010110000010010{bits}11111bbbbb", Name = $"PAC{key[0]}Z{key[1]}".ToUpperInvariant(), Text = $"pac{key[0]}z{key[1]} {{d}}", Feature = Feature.PAuth },
        new RowOf<Authenticate<TKey, InRegister>> { Pattern = $"11011010110000010011{bits}11111bbbbb", Name = $"AUT{key[0]}Z{key[1]}".ToUpperInvariant(), Text = $"aut{key[0]}z{key[1]} {{d}}", Feature = Feature.PAuth },
    ];

    private static RowOf<I> Hint<I>(string crm, string op2, string text, Landing landing = Landing.None) where I : struct, IInstruction
        => new() { Pattern = $"11010101000000110010{crm}{op2}11111", Name = text.ToUpperInvariant(), Text = text, Feature = Feature.PAuth, Landing = landing };

    internal interface IKey
    {
        static abstract PointerKey Key { get; }
    }

    internal readonly struct KeyIA : IKey
    {
        static PointerKey IKey.Key => PointerKey.InstructionA;
    }

    internal readonly struct KeyIB : IKey
    {
        static PointerKey IKey.Key => PointerKey.InstructionB;
    }

    private readonly struct KeyDA : IKey
    {
        static PointerKey IKey.Key => PointerKey.DataA;
    }

    private readonly struct KeyDB : IKey
    {
        static PointerKey IKey.Key => PointerKey.DataB;
    }

    /// <summary>Where the pointer is, Rd and Ra, and where its modifier, Rn.</summary>
    private interface IPlace
    {
        static abstract void Set(ref Operands o);
    }

    private readonly struct InRegister : IPlace
    {
        static void IPlace.Set(ref Operands o)
        {
            // The pattern says it.
        }
    }

    private readonly struct X17ByX16 : IPlace
    {
        static void IPlace.Set(ref Operands o) => (o.Rd, o.Ra, o.Rn) = (17, 17, 16);
    }

    private readonly struct LinkByStack : IPlace
    {
        static void IPlace.Set(ref Operands o) => (o.Rd, o.Ra, o.Rn) = (RegisterSlots.Link, RegisterSlots.Link, RegisterSlots.StackPointer);
    }

    private readonly struct LinkByZero : IPlace
    {
        static void IPlace.Set(ref Operands o) => (o.Rd, o.Ra, o.Rn) = (RegisterSlots.Link, RegisterSlots.Link, RegisterSlots.Zero);
    }

    private readonly struct AddCode<TKey> : IPairHelper where TKey : struct, IKey
    {
        static HelperOutcome IPairHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong first, ulong second, out ulong result)
        {
            result = cpu.Signer.Sign(first, second, TKey.Key);
            return HelperOutcome.Continue;
        }
    }

    /// <summary>Authenticates the first argument, with the second for a modifier; takes the exception if its code is wrong.</summary>
    internal readonly struct CheckCode<TKey> : IPairHelper where TKey : struct, IKey
    {
        static HelperOutcome IPairHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong first, ulong second, out ulong result)
            => cpu.Signer.TryAuthenticate(first, second, TKey.Key, out result) ? HelperOutcome.Continue : cpu.TakePointerFault(TKey.Key, o);
    }

    private readonly struct StripInstruction : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = cpu.Signer.Strip(argument, isData: false);
            return HelperOutcome.Continue;
        }
    }

    private readonly struct StripData : IHelper
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = cpu.Signer.Strip(argument, isData: true);
            return HelperOutcome.Continue;
        }
    }

    private readonly struct GenericCode : IPairHelper
    {
        static HelperOutcome IPairHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong first, ulong second, out ulong result)
        {
            result = cpu.Signer.SignGeneric(first, second);
            return HelperOutcome.Continue;
        }
    }

    private readonly struct Sign<TKey, TPlace> : IInstruction where TKey : struct, IKey where TPlace : struct, IPlace
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CallPair<AddCode<TKey>>(o, m.X<X>(o.Ra), m.X<X>(o.Rn), out X signed)) return;
            m.SetX(o.Rd, signed);
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            TPlace.Set(ref o);
            return true;
        }
    }

    private readonly struct Authenticate<TKey, TPlace> : IInstruction where TKey : struct, IKey where TPlace : struct, IPlace
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CallPair<CheckCode<TKey>>(o, m.X<X>(o.Ra), m.X<X>(o.Rn), out X plain)) return;
            m.SetX(o.Rd, plain);
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            TPlace.Set(ref o);
            return true;
        }
    }

    private readonly struct Strip<THelper, TPlace> : IInstruction where THelper : struct, IHelper where TPlace : struct, IPlace
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.Call<THelper>(o, m.X<X>(o.Ra), out X plain)) return;
            m.SetX(o.Rd, plain);
        }

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            TPlace.Set(ref o);
            return true;
        }
    }

    private readonly struct Generic : IInstruction
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CallPair<GenericCode>(o, m.X<X>(o.Rn), m.X<X>(o.Rm), out X code)) return;
            m.SetX(o.Rd, code);
        }
    }

    private interface IMode
    {
        static abstract bool WritesBack { get; }
    }

    private readonly struct Plain : IMode
    {
        static bool IMode.WritesBack => false;
    }

    private readonly struct WriteBack : IMode
    {
        static bool IMode.WritesBack => true;
    }

    // The pointer is authenticated before the stack pointer's alignment is looked at; what is written back has no code.
    private readonly struct Load<TKey, TMode> : IInstruction where TKey : struct, IKey where TMode : struct, IMode
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CallPair<CheckCode<TKey>>(o, m.X<X>(o.Rn), m.Imm<X>(0), out X start)) return;
            if (!m.CheckBase(o)) return;
            X at = start + m.Imm<X>(o.Imm);
            if (!m.Load<U64, X>(at, out X value)) return;
            if (TMode.WritesBack) m.SetX(o.Rn, at);
            m.SetX(o.Rd, value);
        }

        // S:imm9, in eights.
        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Imm = (Bits.SignedField(word, 22, 22) << 12) | (long)(Bits.Field(word, 20, 12) << 3);
            return true;
        }
    }
}
