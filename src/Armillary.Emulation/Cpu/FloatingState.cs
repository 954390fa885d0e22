using System.Runtime.InteropServices;

namespace Armillary.Emulation.Cpu;

/// <summary>FPCR and FPSR (Arm ARM C5.2.8, C5.2.10).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FloatingState
{
    /// <summary>FPCR: rounding mode in 23:22, FZ 24, DN 25, AHP 26, FZ16 19.</summary>
    public uint Control;

    /// <summary>FPSR: IOC 0, DZC 1, OFC 2, UFC 3, IXC 4, IDC 7, QC 27.</summary>
    public uint Status;

    /// <summary>
    /// Not zero: results are computed with integers even where the host's arithmetic gives the same. No guest can see the
    /// difference; tests compare the two ways.
    /// </summary>
    public uint WithoutHost;
}
