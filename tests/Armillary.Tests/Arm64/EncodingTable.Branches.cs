using static Armillary.Arm64.A64;
using static Armillary.Tests.Arm64.EncodingRow;

namespace Armillary.Tests.Arm64;

internal static partial class EncodingTable
{
    public static readonly EncodingRow[] Branches =
    [
        Row(() => B(Here()), 0x14000000, "b ."),
        Row(() => B(Here(-134217728)), 0x16000000, "b .-134217728"),
        Row(() => B(Here(134217724)), 0x15ffffff, "b .+134217724"),
        Row(() => B(Ne, Here(8)), 0x54000041, "b.ne .+8"),
        Row(() => B(Eq, Here(-1048576)), 0x54800000, "b.eq .-1048576"),
        Row(() => B(Nv, Here(1048572)), 0x547fffef, "b.nv .+1048572"),
        Row(() => Bl(Here(-4)), 0x97ffffff, "bl .-4"),
        Row(() => Br(X3), 0xd61f0060, "br x3"),
        Row(() => Blr(X30), 0xd63f03c0, "blr x30"),
        Row(() => Ret(), 0xd65f03c0, "ret"),
        Row(() => Ret(X1), 0xd65f0020, "ret x1"),
        Row(() => Cbz(X0, Here(8)), 0xb4000040, "cbz x0, .+8"),
        Row(() => Cbz(W0, Here(-8)), 0x34ffffc0, "cbz w0, .-8"),
        Row(() => Cbnz(Xzr, Here(1048572)), 0xb57fffff, "cbnz xzr, .+1048572"),
        Row(() => Cbnz(W7, Here(-1048576)), 0x35800007, "cbnz w7, .-1048576"),
        Row(() => Tbz(X0, 63, Here(8)), 0xb6f80040, "tbz x0, #63, .+8"),
        Row(() => Tbz(W0, 31, Here(-32768)), 0x36fc0000, "tbz w0, #31, .-32768"),
        Row(() => Tbz(X0, 5, Here(32764)), 0x362bffe0, "tbz x0, #5, .+32764"),
        Row(() => Tbnz(X0, 32, Here(4)), 0xb7000020, "tbnz x0, #32, .+4"),
        Row(() => Tbnz(Wzr, 0, Here()), 0x3700001f, "tbnz wzr, #0, ."),
        Row(() => Eret(), 0xd69f03e0, "eret"),
        Row(() => Drps(), 0xd6bf03e0, "drps"),
        Row(() => Svc(), 0xd4000001, "svc #0"),
        Row(() => Svc(65535), 0xd41fffe1, "svc #65535"),
        Row(() => Hvc(1), 0xd4000022, "hvc #1"),
        Row(() => Smc(0x1234), 0xd4024683, "smc #0x1234"),
        Row(() => Brk(), 0xd4200000, "brk #0"),
        Row(() => Brk(0xf000), 0xd43e0000, "brk #0xf000"),
        Row(() => Hlt(0xf000), 0xd45e0000, "hlt #0xf000"),
        Row(() => Dcps1(), 0xd4a00001, "dcps1"),
        Row(() => Dcps2(1), 0xd4a00022, "dcps2 #1"),
        Row(() => Dcps3(65535), 0xd4bfffe3, "dcps3 #65535"),
        Row(() => Udf(0), 0x00000000, "udf #0"),
        Row(() => Udf(65535), 0x0000ffff, "udf #65535"),
    ];
}
