using static Armillary.Arm64.A64;
using static Armillary.Tests.Arm64.EncodingRow;

namespace Armillary.Tests.Arm64;

internal static partial class EncodingTable
{
    public static readonly EncodingRow[] Move =
    [
        Row(() => Mov(X0, X1), 0xaa0103e0, "mov x0, x1"),
        Row(() => Mov(W0, Wzr), 0x2a1f03e0, "mov w0, wzr"),
        Row(() => Mov(X0, Sp), 0x910003e0, "mov x0, sp"),
        Row(() => Mov(Sp, X0), 0x9100001f, "mov sp, x0"),
        Row(() => Mov(Wsp, W0), 0x1100001f, "mov wsp, w0"),
        Row(() => Mov(X0, 0), 0xd2800000, "mov x0, #0"),
        Row(() => Mov(X0, 42), 0xd2800540, "mov x0, #42"),
        Row(() => Mov(X0, 0xffff), 0xd29fffe0, "mov x0, #0xffff"),
        Row(() => Mov(X0, 0x10000), 0xd2a00020, "mov x0, #0x10000"),
        Row(() => Mov(X0, 0xffff000000000000), 0xd2ffffe0, "mov x0, #0xffff000000000000"),
        Row(() => Mov(X0, -1), 0x92800000, "mov x0, #-1"),
        Row(() => Mov(X0, -65536), 0x929fffe0, "mov x0, #-65536"),
        Row(() => Mov(X0, long.MinValue), 0xd2f00000, "mov x0, #0x8000000000000000"),
        Row(() => Mov(X0, ulong.MaxValue - 0x1234), 0x92824680, "mov x0, #0xffffffffffffedcb"),
        Row(() => Mov(W0, -1), 0x12800000, "mov w0, #-1"),
        Row(() => Mov(W0, 0xffffffff), 0x12800000, "mov w0, #0xffffffff"),
        Row(() => Mov(W0, 0xffff0000), 0x52bfffe0, "mov w0, #0xffff0000"),
        Row(() => Mov(W0, 0x12345678 & 0xffff), 0x528acf00, "mov w0, #0x5678"),
        Row(() => Mov(X0, 0x5555555555555555), 0xb200f3e0, "mov x0, #0x5555555555555555"),
        Row(() => Mov(W0, 0x0ff00ff0), 0x320c9fe0, "mov w0, #0x0ff00ff0"),
        Row(() => Mov(Sp, 0x40000000), 0xb26203ff, "mov sp, #0x40000000"),
        Row(() => Movz(X0, 0xffff, 48), 0xd2ffffe0, "movz x0, #0xffff, lsl #48"),
        Row(() => Movz(W1, 1, 16), 0x52a00021, "movz w1, #1, lsl #16"),
        Row(() => Movz(X2, 7), 0xd28000e2, "movz x2, #7"),
        Row(() => Movn(X0, 0, 32), 0x92c00000, "movn x0, #0, lsl #32"),
        Row(() => Movn(W0, 0xfffe), 0x129fffc0, "movn w0, #0xfffe"),
        Row(() => Movk(X0, 0xbeef, 16), 0xf2b7dde0, "movk x0, #0xbeef, lsl #16"),
        Row(() => Movk(W0, 1), 0x72800020, "movk w0, #1"),
        Row(() => Adr(X0, Here()), 0x10000000, "adr x0, ."),
        Row(() => Adr(X0, Here(1048575)), 0x707fffe0, "adr x0, .+1048575"),
        Row(() => Adr(X0, Here(-1048576)), 0x10800000, "adr x0, .-1048576"),
        Row(() => Adr(Xzr, Here(5)), 0x3000003f, "adr xzr, .+5"),
    ];
}
