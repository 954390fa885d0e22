using static Armillary.Arm64.A64;
using static Armillary.Tests.Arm64.EncodingRow;

namespace Armillary.Tests.Arm64;

internal static partial class EncodingTable
{
    public static readonly EncodingRow[] Conditional =
    [
        Row(() => Csel(X0, X1, X2, Eq), 0x9a820020, "csel x0, x1, x2, eq"),
        Row(() => Csel(W0, W1, Wzr, Nv), 0x1a9ff020, "csel w0, w1, wzr, nv"),
        Row(() => Csinc(X0, X1, X2, Ne), 0x9a821420, "csinc x0, x1, x2, ne"),
        Row(() => Csinv(X0, X1, X2, Cs), 0xda822020, "csinv x0, x1, x2, cs"),
        Row(() => Csneg(W0, W1, W2, Lo), 0x5a823420, "csneg w0, w1, w2, lo"),
        Row(() => Cset(X0, Mi), 0x9a9f57e0, "cset x0, mi"),
        Row(() => Cset(W0, Pl), 0x1a9f47e0, "cset w0, pl"),
        Row(() => Csetm(X0, Vs), 0xda9f73e0, "csetm x0, vs"),
        Row(() => Cinc(X0, X1, Vc), 0x9a816420, "cinc x0, x1, vc"),
        Row(() => Cinv(W0, W1, Hi), 0x5a819020, "cinv w0, w1, hi"),
        Row(() => Cneg(X0, X1, Ls), 0xda818420, "cneg x0, x1, ls"),
        Row(() => Ccmp(X0, X1, 15, Ge), 0xfa41a00f, "ccmp x0, x1, #15, ge"),
        Row(() => Ccmp(W0, W1, 0, Lt), 0x7a41b000, "ccmp w0, w1, #0, lt"),
        Row(() => Ccmp(X0, 31, 4, Gt), 0xfa5fc804, "ccmp x0, #31, #4, gt"),
        Row(() => Ccmp(W0, 0, 8, Le), 0x7a40d808, "ccmp w0, #0, #8, le"),
        Row(() => Ccmn(X0, Xzr, 1, Al), 0xba5fe001, "ccmn x0, xzr, #1, al"),
        Row(() => Ccmn(W30, 17, 2, Hs), 0x3a512bc2, "ccmn w30, #17, #2, hs"),
        Row(() => Cfinv(), 0xd500401f, "cfinv"),
        Row(() => Xaflag(), 0xd500403f, "xaflag"),
        Row(() => Axflag(), 0xd500405f, "axflag"),
        Row(() => Rmif(X1, 63, 15), 0xba1f842f, "rmif x1, #63, #15"),
        Row(() => Rmif(Xzr, 0, 0), 0xba0007e0, "rmif xzr, #0, #0"),
        Row(() => Setf8(W3), 0x3a00086d, "setf8 w3"),
        Row(() => Setf16(Wzr), 0x3a004bed, "setf16 wzr"),
    ];
}
