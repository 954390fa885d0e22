using static Armillary.Arm64.A64;
using static Armillary.Tests.Arm64.EncodingRow;

namespace Armillary.Tests.Arm64;

internal static partial class EncodingTable
{
    public static readonly EncodingRow[] Logical =
    [
        Row(() => And(X0, X1, 1), 0x92400020, "and x0, x1, #1"),
        Row(() => And(X0, X1, -16), 0x927cec20, "and x0, x1, #-16"),
        Row(() => And(W0, W1, -2), 0x121f7820, "and w0, w1, #0xfffffffe"),
        Row(() => And(Sp, X1, -16), 0x927cec3f, "and sp, x1, #-16"),
        Row(() => And(Wsp, W1, 0xf), 0x12000c3f, "and wsp, w1, #0xf"),
        Row(() => And(X0, X1, 0x5555555555555555), 0x9200f020, "and x0, x1, #0x5555555555555555"),
        Row(() => And(X0, X1, 0xaaaaaaaaaaaaaaaa), 0x9201f020, "and x0, x1, #0xaaaaaaaaaaaaaaaa"),
        Row(() => And(X0, X1, 0x8000000000000001), 0x92410420, "and x0, x1, #0x8000000000000001"),
        Row(() => And(X0, X1, 0x7fffffffffffffff), 0x9240f820, "and x0, x1, #0x7fffffffffffffff"),
        Row(() => And(W0, W1, 0x80000001), 0x12010420, "and w0, w1, #0x80000001"),
        Row(() => And(X0, X1, X2), 0x8a020020, "and x0, x1, x2"),
        Row(() => And(W0, W1, W2, Ror(31)), 0x0ac27c20, "and w0, w1, w2, ror #31"),
        Row(() => Ands(X0, X1, 0xff00ff00ff00ff00), 0xf2089c20, "ands x0, x1, #0xff00ff00ff00ff00"),
        Row(() => Ands(Xzr, X1, 2), 0xf27f003f, "ands xzr, x1, #2"),
        Row(() => Ands(X0, X1, X2, Lsr(6)), 0xea421820, "ands x0, x1, x2, lsr #6"),
        Row(() => Tst(X0, 1), 0xf240001f, "tst x0, #1"),
        Row(() => Tst(W0, 0xffff), 0x72003c1f, "tst w0, #0xffff"),
        Row(() => Tst(X0, X1, Lsl(1)), 0xea01041f, "tst x0, x1, lsl #1"),
        Row(() => Bic(X0, X1, X2), 0x8a220020, "bic x0, x1, x2"),
        Row(() => Bic(W0, W1, W2, Asr(3)), 0x0aa20c20, "bic w0, w1, w2, asr #3"),
        Row(() => Bics(X0, X1, X2, Ror(63)), 0xeae2fc20, "bics x0, x1, x2, ror #63"),
        Row(() => Orr(X0, X1, 0xffff0000), 0xb2703c20, "orr x0, x1, #0xffff0000"),
        Row(() => Orr(Sp, Xzr, 0x10), 0xb27c03ff, "orr sp, xzr, #0x10"),
        Row(() => Orr(W0, W1, 0xf0f0f0f0), 0x3204cc20, "orr w0, w1, #0xf0f0f0f0"),
        Row(() => Orr(X0, X1, X2), 0xaa020020, "orr x0, x1, x2"),
        Row(() => Orr(W0, W1, W2, Lsl(16)), 0x2a024020, "orr w0, w1, w2, lsl #16"),
        Row(() => Orn(X0, X1, X2, Lsl(1)), 0xaa220420, "orn x0, x1, x2, lsl #1"),
        Row(() => Mvn(X0, X1), 0xaa2103e0, "mvn x0, x1"),
        Row(() => Mvn(W0, W1, Ror(8)), 0x2ae123e0, "mvn w0, w1, ror #8"),
        Row(() => Eor(X0, X1, 0xc000000000000003), 0xd2420c20, "eor x0, x1, #0xc000000000000003"),
        Row(() => Eor(W0, W1, 0x33333333), 0x5200e420, "eor w0, w1, #0x33333333"),
        Row(() => Eor(X0, X1, X2, Asr(2)), 0xca820820, "eor x0, x1, x2, asr #2"),
        Row(() => Eon(X0, X1, X2), 0xca220020, "eon x0, x1, x2"),
        Row(() => Eon(W0, Wzr, W2, Lsr(31)), 0x4a627fe0, "eon w0, wzr, w2, lsr #31"),
    ];
}
