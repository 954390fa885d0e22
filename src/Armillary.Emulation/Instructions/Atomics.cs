using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions;

/// <summary>Atomic memory operations (Arm ARM C4.1.91, FEAT_LSE).</summary>
internal static class Atomics
{
    public static Row[] Rows() =>
    [
        .. Sizes<Add>("0000", "add"),
        .. Sizes<Clear>("0001", "clr"),
        .. Sizes<Xor>("0010", "eor"),
        .. Sizes<Set>("0011", "set"),
        .. Sizes<MaxSigned>("0100", "smax"),
        .. Sizes<MinSigned>("0101", "smin"),
        .. Sizes<MaxUnsigned>("0110", "umax"),
        .. Sizes<MinUnsigned>("0111", "umin"),
        .. Sizes<Swap>("1000", "swp"),
    ];

    // Acquire and release (p and q) need no row of their own: the machine orders every atomic.
    private static Row[] Sizes<TOperation>(string code, string name) where TOperation : struct, IAtomicOperation
    {
        string Pattern(string size) => size + "111000pq1mmmmm" + code + "00NNNNNddddd";
        string upper = (name == "swp" ? "" : "LD") + name.ToUpperInvariant();
        string Text(string suffix, string width) => name == "swp"
            ? $"swp{{?p:a}}{{?q:l}}{suffix} {{{width}m}}, {{{width}d}}, [{{n}}]"
            : $"?stform st{name}{{?q:l}}{suffix} {{{width}m}}, [{{n}}] | ld{name}{{?p:a}}{{?q:l}}{suffix} {{{width}m}}, {{{width}d}}, [{{n}}]";
        return
        [
            new RowOf<Atomic<TOperation, U8>> { Pattern = Pattern("00"), Name = upper + "B", Text = Text("b", "w") },
            new RowOf<Atomic<TOperation, U16>> { Pattern = Pattern("01"), Name = upper + "H", Text = Text("h", "w") },
            new RowOf<Atomic<TOperation, U32>> { Pattern = Pattern("10"), Name = upper + ", 32 bits", Text = Text("", "w") },
            new RowOf<Atomic<TOperation, U64>> { Pattern = Pattern("11"), Name = upper + ", 64 bits", Text = Text("", "x") },
        ];
    }

    // C6.2.154 (LDADD) and its kin
    private readonly struct Atomic<TOperation, TSize> : IInstruction where TOperation : struct, IAtomicOperation where TSize : struct, IAccess
    {
        static bool IInstruction.UsesBase => true;

        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckBase(o)) return;
            if (!m.Atomic<TOperation, TSize, T>(m.X<X>(o.Rn), m.X<T>(o.Rm), out T old)) return;
            m.SetX(o.Rd, old);
        }
    }

    private readonly struct Add : IAtomicOperation
    {
        static AtomicKind IAtomicOperation.Kind => AtomicKind.Add;
    }

    private readonly struct Clear : IAtomicOperation
    {
        static AtomicKind IAtomicOperation.Kind => AtomicKind.Clear;
    }

    private readonly struct Xor : IAtomicOperation
    {
        static AtomicKind IAtomicOperation.Kind => AtomicKind.Xor;
    }

    private readonly struct Set : IAtomicOperation
    {
        static AtomicKind IAtomicOperation.Kind => AtomicKind.Set;
    }

    private readonly struct MaxSigned : IAtomicOperation
    {
        static AtomicKind IAtomicOperation.Kind => AtomicKind.MaxSigned;
    }

    private readonly struct MinSigned : IAtomicOperation
    {
        static AtomicKind IAtomicOperation.Kind => AtomicKind.MinSigned;
    }

    private readonly struct MaxUnsigned : IAtomicOperation
    {
        static AtomicKind IAtomicOperation.Kind => AtomicKind.MaxUnsigned;
    }

    private readonly struct MinUnsigned : IAtomicOperation
    {
        static AtomicKind IAtomicOperation.Kind => AtomicKind.MinUnsigned;
    }

    private readonly struct Swap : IAtomicOperation
    {
        static AtomicKind IAtomicOperation.Kind => AtomicKind.Swap;
    }
}
