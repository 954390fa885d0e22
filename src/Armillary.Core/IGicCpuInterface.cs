using Armillary.Arm64;

namespace Armillary;

/// <summary>
/// The CPU interface of a GICv3 outside the engine: what ICC_*_EL1 do. The engine calls it in place, on the virtual CPU's thread, for
/// accesses that the guest may make. It must not run or step the virtual CPU.
/// </summary>
public interface IGicCpuInterface
{
    /// <summary>Serves an MRS.</summary>
    /// <param name="cpu">The virtual CPU.</param>
    /// <param name="register">The register.</param>
    /// <param name="value">What the guest reads.</param>
    /// <returns>False if there is no such register: it is undefined to the guest.</returns>
    bool TryRead(VirtualCpu cpu, SystemRegister register, out ulong value);

    /// <summary>Serves an MSR.</summary>
    /// <param name="cpu">The virtual CPU.</param>
    /// <param name="register">The register.</param>
    /// <param name="value">What the guest writes.</param>
    /// <returns>False if there is no such register: it is undefined to the guest.</returns>
    bool TryWrite(VirtualCpu cpu, SystemRegister register, ulong value);
}
