using System.Runtime.CompilerServices;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.PointerAuthentication;

/// <summary>
/// A virtual CPU's pointer authentication: its keys, which of them are enabled, and where in a pointer the code goes. FEAT_PAuth2
/// with FEAT_FPACCOMBINE and QARMA5 (Arm ARM, InsertPAC(), Authenticate() and Strip()).
/// </summary>
internal sealed class PointerSigner
{
    private const int CacheSize = 256;

    // SCTLR_EL1.EnIA, EnIB, EnDA and EnDB, in the order of the keys.
    private static ReadOnlySpan<byte> EnableBits => [31, 30, 27, 13];

    private readonly ulong[] _keys = new ulong[10]; // low and high half of each
    private Layout _instructions, _data;
    private uint _enabled;

    // Codes that were computed before: the authentication at a function's end asks for the code that was made at its beginning.
    // The key is part of an entry, because a kernel changes keys on its every entry and exit.
    private readonly Entry[] _cache = new Entry[CacheSize];

    /// <summary>A half of a key: twice the number of the key, plus 1 for bits 127:64.</summary>
    public ref ulong this[int half] => ref _keys[half];

    /// <summary>SCTLR_EL1 or TCR_EL1 changed.</summary>
    public void Configure(CpuModel model, ulong control, ulong translation)
    {
        _enabled = 0;
        for (int i = 0; i < EnableBits.Length; i++) _enabled |= (uint)(control >> EnableBits[i] & 1) << i;
        _data = new Layout(model, translation, isData: true);
        _instructions = new Layout(model, translation, isData: false);
    }

    /// <summary>SCTLR_EL1 enables the key. One that is not enabled signs and authenticates nothing.</summary>
    public bool IsEnabled(PointerKey key) => (_enabled >> (int)key & 1) != 0;

    /// <summary>The pointer with its code.</summary>
    public ulong Sign(ulong pointer, ulong modifier, PointerKey key)
    {
        if (!IsEnabled(key)) return pointer;
        ref readonly Layout layout = ref key >= PointerKey.DataA ? ref _data : ref _instructions;
        int selected = (int)(pointer >> (layout.AnyTag ? 55 : 63)) & 1, half = (int)(pointer >> 55) & 1;
        ulong extension = layout.Extension(half, selected);
        ulong code = Compute(selected != 0 ? pointer | extension : pointer & ~extension, modifier, key);
        const ulong Bit55 = 1ul << 55;
        return ((pointer ^ (code & extension)) & ~Bit55) | ((ulong)selected << 55);
    }

    /// <summary>The pointer without its code; false if that is not the right one.</summary>
    public bool TryAuthenticate(ulong pointer, ulong modifier, PointerKey key, out ulong plain)
    {
        plain = pointer;
        if (!IsEnabled(key)) return true;
        ref readonly Layout layout = ref key >= PointerKey.DataA ? ref _data : ref _instructions;
        plain = layout.Strip(pointer, out ulong extension);
        const ulong Bit55 = 1ul << 55;
        return ((pointer ^ plain ^ Compute(plain, modifier, key)) & extension & ~Bit55) == 0;
    }

    /// <summary>The pointer without its code, right or wrong.</summary>
    public ulong Strip(ulong pointer, bool isData) => isData ? _data.Strip(pointer, out _) : _instructions.Strip(pointer, out _);

    /// <summary>PACGA: a code of 32 bits in the upper half.</summary>
    public ulong SignGeneric(ulong value, ulong modifier) => Compute(value, modifier, PointerKey.Generic) & ~0ul << 32;

    private ulong Compute(ulong pointer, ulong modifier, PointerKey key)
    {
        ulong low = _keys[2 * (int)key], high = _keys[(2 * (int)key) + 1];
        ref Entry entry = ref _cache[Hash(pointer, modifier, low)];
        if (entry.Pointer != pointer || entry.Modifier != modifier || entry.Low != low || entry.High != high || !entry.IsValid)
        {
            entry = new Entry { Pointer = pointer, Modifier = modifier, Low = low, High = high, IsValid = true, Code = Qarma5.Encrypt(pointer, modifier, high, low) };
        }

        return entry.Code;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Hash(ulong pointer, ulong modifier, ulong key)
    {
        const ulong Golden = 0x9e37_79b9_7f4a_7c15;
        return (int)(((pointer + (modifier << 7) + key) * Golden) >> (64 - 8));
    }

    private struct Entry
    {
        public ulong Pointer, Modifier, Low, High, Code;
        public bool IsValid;
    }

    /// <summary>Where the code of a pointer is, by TCR_EL1.</summary>
    private readonly struct Layout
    {
        // By bit 55: the first bit above the address, and whether the top byte is a tag.
        private readonly int _bottom0, _bottom1;
        private readonly bool _tag0, _tag1;

        public Layout(CpuModel model, ulong tcr, bool isData)
        {
            const int Tbi0 = 37, Tbi1 = 38, Tbid0 = 51, Tbid1 = 52;
            _tag0 = (tcr >> Tbi0 & 1) != 0 && (isData || (tcr >> Tbid0 & 1) == 0);
            _tag1 = (tcr >> Tbi1 & 1) != 0 && (isData || (tcr >> Tbid1 & 1) == 0);
            _bottom0 = Cpu.Translation.Stage1.InputBits(model, tcr, upper: false);
            _bottom1 = Cpu.Translation.Stage1.InputBits(model, tcr, upper: true);
        }

        /// <summary>A tag in either half: bit 55 is then what chooses the half, for there is no better guess.</summary>
        public bool AnyTag => _tag0 || _tag1;

        /// <summary>The bits that are neither address nor tag; bit 55, which is among them, is never part of the code.</summary>
        public ulong Extension(int half, int selected)
        {
            ulong above = ~0ul << (selected != 0 ? _bottom1 : _bottom0);
            return (half != 0 ? _tag1 : _tag0) ? above & (~0ul >> 8) : above;
        }

        public ulong Strip(ulong pointer, out ulong extension)
        {
            int half = (int)(pointer >> 55) & 1;
            extension = Extension(half, half);
            return half != 0 ? pointer | extension : pointer & ~extension;
        }
    }
}
