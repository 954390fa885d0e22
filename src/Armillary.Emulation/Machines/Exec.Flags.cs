using System.Runtime.CompilerServices;
using Armillary.Arm64;

namespace Armillary.Emulation.Machines;

// The flags, kept as four words (docs/decisions/0006).
internal unsafe partial struct Exec<TPath>
{
    [MethodImpl(Inline)]
    public void SetFlagsOfAdd<T>(T a, T b) where T : struct, IWord<T>
    {
        ulong x = Raw(a), y = Raw(b), r = Raw(a + b);
        SetFlags<T>(r, Carry(r < x), (x ^ r) & (y ^ r));
    }

    [MethodImpl(Inline)]
    public void SetFlagsOfSub<T>(T a, T b) where T : struct, IWord<T>
    {
        ulong x = Raw(a), y = Raw(b), r = Raw(a - b);
        SetFlags<T>(r, Carry(x >= y), (x ^ y) & (x ^ r));
    }

    [MethodImpl(Inline)] public void SetFlagsOfLogic<T>(T result) where T : struct, IWord<T> => SetFlags<T>(Raw(result), 0, 0);

    [MethodImpl(Inline)] public T AddWithCarry<T>(T a, T b) where T : struct, IWord<T> => a + b + Of<T>(_c->C);

    [MethodImpl(Inline)]
    public void SetFlagsOfAddWithCarry<T>(T a, T b) where T : struct, IWord<T>
    {
        ulong x = Raw(a), y = Raw(b), r = Raw(a + b + Of<T>(_c->C));
        // A carry out of the top bit: majority of the operands' top bits and the inverted result's (full adder).
        ulong carry = ((x & y) | ((x | y) & ~r)) >> (T.Bits - 1);
        SetFlags<T>(r, carry & 1, (x ^ r) & (y ^ r));
    }

    [MethodImpl(Inline)]
    public X64 NzcvOfAdd<T>(T a, T b) where T : struct, IWord<T>
    {
        ulong x = Raw(a), y = Raw(b), r = Raw(a + b);
        return Pack(Top<T>(r), r, Carry(r < x), Top<T>((x ^ r) & (y ^ r)));
    }

    [MethodImpl(Inline)]
    public X64 NzcvOfSub<T>(T a, T b) where T : struct, IWord<T>
    {
        ulong x = Raw(a), y = Raw(b), r = Raw(a - b);
        return Pack(Top<T>(r), r, Carry(x >= y), Top<T>((x ^ y) & (x ^ r)));
    }

    [MethodImpl(Inline)] public X64 Nzcv() => Pack(_c->N, _c->Z, _c->C, _c->V);

    [MethodImpl(Inline)]
    public void SetNzcv(X64 packed)
    {
        ulong p = packed.Value;
        _c->N = p << 32;
        _c->Z = ~p & Pstate.Z;
        _c->C = (p >> 29) & 1;
        _c->V = p << 35;
    }

    [MethodImpl(Inline)]
    public Flag Condition(int condition)
    {
        int holds = (condition >> 1) switch
        {
            0 => Bool(_c->Z == 0),
            1 => (int)_c->C,
            2 => (int)(_c->N >> 63),
            3 => (int)(_c->V >> 63),
            4 => (int)_c->C & Bool(_c->Z != 0),
            5 => (int)(~(_c->N ^ _c->V) >> 63),
            6 => (int)(~(_c->N ^ _c->V) >> 63) & Bool(_c->Z != 0),
            _ => 1,
        };

        return new(holds ^ (condition & 1));
    }

    [MethodImpl(Inline)] public Flag IsZero<T>(T value) where T : struct, IWord<T> => new(Raw(value) == 0);
    [MethodImpl(Inline)] public Flag Bit<T>(T value, int bit) where T : struct, IWord<T> => new((int)(Raw(value) >> bit) & 1);
    [MethodImpl(Inline)] public Flag LessUnsigned<T>(T a, T b) where T : struct, IWord<T> => new(Raw(a) < Raw(b));

    [MethodImpl(Inline)]
    public Flag LessSigned<T>(T a, T b) where T : struct, IWord<T>
        => new(T.Bits == 32 ? (int)Raw(a) < (int)Raw(b) : (long)Raw(a) < (long)Raw(b));

    [MethodImpl(Inline)] public Flag Not(Flag flag) => new(flag.Raw ^ 1);

    [MethodImpl(Inline)]
    public T Select<T>(Flag flag, T whenTrue, T whenFalse) where T : struct, IWord<T> => flag.Raw != 0 ? whenTrue : whenFalse;

    [MethodImpl(Inline)] private static ulong Carry(bool value) => value ? 1u : 0u;

    [MethodImpl(Inline)] private static int Bool(bool value) => value ? 1 : 0;

    // The operation's top bit at bit 63.
    [MethodImpl(Inline)] private static ulong Top<T>(ulong value) where T : struct, IWord<T> => T.Bits == 32 ? value << 32 : value;

    [MethodImpl(Inline)]
    private static X64 Pack(ulong n, ulong z, ulong c, ulong v)
    {
        ulong zero = z == 0 ? 1u : 0u;
        return new(((n >> 63) << 31) | (zero << 30) | (c << 29) | ((v >> 63) << 28));
    }

    [MethodImpl(Inline)]
    private readonly void SetFlags<T>(ulong result, ulong carry, ulong overflow) where T : struct, IWord<T>
    {
        _c->N = Top<T>(result);
        _c->Z = result;
        _c->C = carry;
        _c->V = Top<T>(overflow);
    }
}
