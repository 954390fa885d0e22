using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Decode;

/// <summary>
/// An encoding as 32 characters, bit 31 first. 0 and 1 are fixed; letters name fields. Register letters say what 31 means
/// and whether the field is read or written, so bodies need not care:
/// <code>
/// d destination, 31 is ZR (Rd)          D destination, 31 is SP (Rd)
/// t source in the place of d (Rd)       b destination and source: Rd written, Ra read
/// n source (Rn)                         N base or source, 31 is SP (Rn)
/// m source (Rm)                         M source, 31 is SP (Rm)
/// s status destination (Rm)
/// a source (Ra)                         e second destination (Ra)
/// c destination and source: Ra written, Rm read
/// v u w g vector registers Vd or Vt (Rd), Vn (Rn), Vm (Rm), Va or Vt2 (Ra); w has four bits in forms by element of H
/// z 1 is the 64-bit form                y 0 is the 64-bit form
/// </code>
/// Every other letter is for the row's own <see cref="IInstruction.Decode"/> and for people; x is ignored by the CPU.
/// </summary>
internal readonly struct Pattern
{
    private const string RegisterLetters = "dDtbvnNumMscwaeg";

    private readonly byte _d, _n, _m, _a;   // bit numbers of the registers' low bits
    private readonly uint _mMask;
    private readonly char _dKind, _nKind, _mKind, _aKind;
    private readonly sbyte _widthBit;
    private readonly bool _widthInverted, _default64;

    public Pattern(string text, bool is64ByDefault)
    {
        if (text.Length != 32) throw new ArgumentException($"A pattern has 32 characters: '{text}' has {text.Length}.", nameof(text));
        Text = text;
        _widthBit = -1;
        _default64 = is64ByDefault;
        for (int i = 0; i < 32; i++)
        {
            int bit = 31 - i;
            char c = text[i];
            bool low = bit == 0 || text[i + 1] != c;
            if (RegisterLetters.Contains(c, StringComparison.Ordinal) && low && !IsWhole(text, i)) throw new ArgumentException($"The register field '{c}' of '{text}' is not five bits in a row.", nameof(text));
            switch (c)
            {
                case '0': Mask |= 1u << bit; break;
                case '1': Mask |= 1u << bit; Value |= 1u << bit; break;
                case 'z' or 'y': _widthBit = (sbyte)bit; _widthInverted = c == 'y'; break;
                case 'd' or 'D' or 't' or 'b' or 'v': if (low) (_d, _dKind) = ((byte)bit, c); break;
                case 'n' or 'N' or 'u': if (low) (_n, _nKind) = ((byte)bit, c); break;
                case 'm' or 'M' or 's' or 'c' or 'w': if (low) (_m, _mKind, _mMask) = ((byte)bit, c, text[i - 4] == c ? 31u : 15u); break;
                case 'a' or 'e' or 'g': if (low) (_a, _aKind) = ((byte)bit, c); break;
                default: break;
            }
        }
    }

    public string Text { get; }

    public uint Mask { get; }

    public uint Value { get; }

    public bool Matches(uint word) => (word & Mask) == Value;

    public bool Overlaps(in Pattern other) => ((Value ^ other.Value) & Mask & other.Mask) == 0;

    /// <summary>Fills the register slots and the width.</summary>
    public void Extract(uint word, ref Operands o)
    {
        o.Is64 = _widthBit < 0 ? _default64 : ((word >> _widthBit) & 1) != 0 ^ _widthInverted;
        uint d = (word >> _d) & 31, n = (word >> _n) & 31, m = (word >> _m) & _mMask, a = (word >> _a) & 31;
        o.Rd = _dKind switch
        {
            'd' or 'b' => Destination(d),
            'D' => Stack(d),
            't' or 'v' => (byte)d,
            _ => RegisterSlots.Discard,
        };
        o.Rn = _nKind switch { 'n' or 'u' => (byte)n, 'N' => Stack(n), _ => RegisterSlots.Zero };
        o.Rm = _mKind switch { 'm' or 'c' or 'w' => (byte)m, 'M' => Stack(m), 's' => Destination(m), _ => RegisterSlots.Zero };
        o.Ra = _aKind switch { 'a' or 'g' => (byte)a, 'e' => Destination(a), _ => RegisterSlots.Zero };
        if (_dKind == 'b') o.Ra = (byte)d;
        if (_mKind == 'c') o.Ra = Destination(m);
    }

    // Five bits in a row, and no more; four for w.
    private static bool IsWhole(string text, int last)
    {
        int count = 0;
        while (last - count >= 0 && text[last - count] == text[last]) count++;
        return count == 5 || (count == 4 && text[last] == 'w');
    }

    private static byte Destination(uint register) => register == 31 ? RegisterSlots.Discard : (byte)register;

    private static byte Stack(uint register) => register == 31 ? RegisterSlots.StackPointer : (byte)register;
}
