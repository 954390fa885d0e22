using static Armillary.Arm64.A64;
using static Armillary.Tests.Arm64.EncodingRow;

namespace Armillary.Tests.Arm64;

internal static partial class EncodingTable
{
    public static readonly EncodingRow[] Arithmetic =
    [
        Row(() => Madd(X0, X1, X2, X3), 0x9b020c20, "madd x0, x1, x2, x3"),
        Row(() => Madd(W0, W1, W2, W30), 0x1b027820, "madd w0, w1, w2, w30"),
        Row(() => Msub(X0, X1, X2, X3), 0x9b028c20, "msub x0, x1, x2, x3"),
        Row(() => Mul(X0, X1, X2), 0x9b027c20, "mul x0, x1, x2"),
        Row(() => Mul(W0, W1, W2), 0x1b027c20, "mul w0, w1, w2"),
        Row(() => Mneg(X0, X1, X2), 0x9b02fc20, "mneg x0, x1, x2"),
        Row(() => Smaddl(X0, W1, W2, X3), 0x9b220c20, "smaddl x0, w1, w2, x3"),
        Row(() => Smsubl(X0, W1, W2, X3), 0x9b228c20, "smsubl x0, w1, w2, x3"),
        Row(() => Smull(X0, W1, W2), 0x9b227c20, "smull x0, w1, w2"),
        Row(() => Smnegl(X0, W1, W2), 0x9b22fc20, "smnegl x0, w1, w2"),
        Row(() => Umaddl(X0, W1, W2, X3), 0x9ba20c20, "umaddl x0, w1, w2, x3"),
        Row(() => Umsubl(X0, W1, W2, X3), 0x9ba28c20, "umsubl x0, w1, w2, x3"),
        Row(() => Umull(X0, W1, W2), 0x9ba27c20, "umull x0, w1, w2"),
        Row(() => Umnegl(X0, W1, W2), 0x9ba2fc20, "umnegl x0, w1, w2"),
        Row(() => Smulh(X0, X1, X2), 0x9b427c20, "smulh x0, x1, x2"),
        Row(() => Umulh(X0, X1, X2), 0x9bc27c20, "umulh x0, x1, x2"),
        Row(() => Udiv(X0, X1, X2), 0x9ac20820, "udiv x0, x1, x2"),
        Row(() => Udiv(W0, W1, W2), 0x1ac20820, "udiv w0, w1, w2"),
        Row(() => Sdiv(X0, X1, Xzr), 0x9adf0c20, "sdiv x0, x1, xzr"),
        Row(() => Lsl(X0, X1, X2), 0x9ac22020, "lsl x0, x1, x2"),
        Row(() => Lsl(W0, W1, W2), 0x1ac22020, "lsl w0, w1, w2"),
        Row(() => Lsr(X0, X1, X2), 0x9ac22420, "lsr x0, x1, x2"),
        Row(() => Asr(W0, W1, W2), 0x1ac22820, "asr w0, w1, w2"),
        Row(() => Ror(X0, X1, X2), 0x9ac22c20, "ror x0, x1, x2"),
        Row(() => Rbit(X0, X1), 0xdac00020, "rbit x0, x1"),
        Row(() => Rbit(W0, W1), 0x5ac00020, "rbit w0, w1"),
        Row(() => Rev16(X0, X1), 0xdac00420, "rev16 x0, x1"),
        Row(() => Rev16(W0, W1), 0x5ac00420, "rev16 w0, w1"),
        Row(() => Rev32(X0, X1), 0xdac00820, "rev32 x0, x1"),
        Row(() => Rev(X0, X1), 0xdac00c20, "rev x0, x1"),
        Row(() => Rev(W0, W1), 0x5ac00820, "rev w0, w1"),
        Row(() => Clz(X0, X1), 0xdac01020, "clz x0, x1"),
        Row(() => Clz(W30, Wzr), 0x5ac013fe, "clz w30, wzr"),
        Row(() => Cls(X0, X1), 0xdac01420, "cls x0, x1"),
        Row(() => Crc32b(W0, W1, W2), 0x1ac24020, "crc32b w0, w1, w2"),
        Row(() => Crc32h(W0, W1, W2), 0x1ac24420, "crc32h w0, w1, w2"),
        Row(() => Crc32w(W0, W1, W2), 0x1ac24820, "crc32w w0, w1, w2"),
        Row(() => Crc32x(W0, W1, X2), 0x9ac24c20, "crc32x w0, w1, x2"),
        Row(() => Crc32cb(W0, W1, W2), 0x1ac25020, "crc32cb w0, w1, w2"),
        Row(() => Crc32ch(W0, W1, W2), 0x1ac25420, "crc32ch w0, w1, w2"),
        Row(() => Crc32cw(W0, W1, W2), 0x1ac25820, "crc32cw w0, w1, w2"),
        Row(() => Crc32cx(W0, W1, Xzr), 0x9adf5c20, "crc32cx w0, w1, xzr"),
    ];
}
