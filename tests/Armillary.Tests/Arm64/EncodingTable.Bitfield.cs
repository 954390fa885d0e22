using static Armillary.Arm64.A64;
using static Armillary.Tests.Arm64.EncodingRow;

namespace Armillary.Tests.Arm64;

internal static partial class EncodingTable
{
    public static readonly EncodingRow[] Bitfield =
    [
        Row(() => Bfm(X0, X1, 3, 60), 0xb343f020, "bfm x0, x1, #3, #60"),
        Row(() => Bfm(W0, W1, 31, 0), 0x331f0020, "bfm w0, w1, #31, #0"),
        Row(() => Sbfm(X0, X1, 63, 63), 0x937ffc20, "sbfm x0, x1, #63, #63"),
        Row(() => Ubfm(X0, X1, 1, 2), 0xd3410820, "ubfm x0, x1, #1, #2"),
        Row(() => Lsl(X0, X1, 0), 0xd340fc20, "lsl x0, x1, #0"),
        Row(() => Lsl(X0, X1, 1), 0xd37ff820, "lsl x0, x1, #1"),
        Row(() => Lsl(X0, X1, 63), 0xd3410020, "lsl x0, x1, #63"),
        Row(() => Lsl(W0, W1, 31), 0x53010020, "lsl w0, w1, #31"),
        Row(() => Lsr(X0, X1, 0), 0xd340fc20, "lsr x0, x1, #0"),
        Row(() => Lsr(X0, X1, 63), 0xd37ffc20, "lsr x0, x1, #63"),
        Row(() => Lsr(W0, W1, 5), 0x53057c20, "lsr w0, w1, #5"),
        Row(() => Asr(X0, X1, 63), 0x937ffc20, "asr x0, x1, #63"),
        Row(() => Asr(W0, W1, 1), 0x13017c20, "asr w0, w1, #1"),
        Row(() => Ror(X0, X1, 63), 0x93c1fc20, "ror x0, x1, #63"),
        Row(() => Ror(W0, W1, 8), 0x13812020, "ror w0, w1, #8"),
        Row(() => Extr(X0, X1, X2, 0), 0x93c20020, "extr x0, x1, x2, #0"),
        Row(() => Extr(X0, X1, X2, 63), 0x93c2fc20, "extr x0, x1, x2, #63"),
        Row(() => Extr(W0, W1, Wzr, 31), 0x139f7c20, "extr w0, w1, wzr, #31"),
        Row(() => Sxtb(X0, W1), 0x93401c20, "sxtb x0, w1"),
        Row(() => Sxtb(W0, W1), 0x13001c20, "sxtb w0, w1"),
        Row(() => Sxth(X0, W1), 0x93403c20, "sxth x0, w1"),
        Row(() => Sxth(W0, Wzr), 0x13003fe0, "sxth w0, wzr"),
        Row(() => Sxtw(X0, W1), 0x93407c20, "sxtw x0, w1"),
        Row(() => Uxtb(W0, W1), 0x53001c20, "uxtb w0, w1"),
        Row(() => Uxth(W0, W1), 0x53003c20, "uxth w0, w1"),
        Row(() => Bfi(X0, X1, 0, 64), 0xb340fc20, "bfi x0, x1, #0, #64"),
        Row(() => Bfi(X0, X1, 63, 1), 0xb3410020, "bfi x0, x1, #63, #1"),
        Row(() => Bfi(W0, W1, 4, 8), 0x331c1c20, "bfi w0, w1, #4, #8"),
        Row(() => Bfc(X0, 4, 8), 0xb37c1fe0, "bfc x0, #4, #8"),
        Row(() => Bfc(W0, 31, 1), 0x330103e0, "bfc w0, #31, #1"),
        Row(() => Bfxil(X0, X1, 60, 4), 0xb37cfc20, "bfxil x0, x1, #60, #4"),
        Row(() => Bfxil(W0, W1, 0, 32), 0x33007c20, "bfxil w0, w1, #0, #32"),
        Row(() => Sbfiz(X0, X1, 8, 16), 0x93783c20, "sbfiz x0, x1, #8, #16"),
        Row(() => Sbfiz(W0, W1, 31, 1), 0x13010020, "sbfiz w0, w1, #31, #1"),
        Row(() => Sbfx(X0, X1, 8, 16), 0x93485c20, "sbfx x0, x1, #8, #16"),
        Row(() => Sbfx(W0, W1, 31, 1), 0x131f7c20, "sbfx w0, w1, #31, #1"),
        Row(() => Ubfiz(X0, X1, 8, 16), 0xd3783c20, "ubfiz x0, x1, #8, #16"),
        Row(() => Ubfiz(W0, W1, 1, 31), 0x531f7820, "ubfiz w0, w1, #1, #31"),
        Row(() => Ubfx(X0, X1, 8, 16), 0xd3485c20, "ubfx x0, x1, #8, #16"),
        Row(() => Ubfx(W0, W1, 0, 1), 0x53000020, "ubfx w0, w1, #0, #1"),
    ];
}
