using Armillary.Arm64;
using Armillary.Emulation.Cpu;

namespace Armillary.Emulation.SystemRegisters;

/// <summary>A system register: its access rules and its behaviour.</summary>
internal sealed class SystemRegisterRow(SystemRegister register)
{
    public SystemRegister Register { get; } = register;

    /// <summary>Place in <see cref="SystemRegisterFile"/>, or -1 for a register that is not storage.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>For an identification register, which each CPU model has its own value of: that of the model with all features.</summary>
    public ulong? Identification { get; init; }

    /// <summary>Value after reset, for storage.</summary>
    public ulong Reset { get; init; }

    /// <summary>Reads at any level that may; null for a write-only register.</summary>
    public Func<SoftwareVirtualCpu, ulong>? Read { get; init; }

    /// <summary>Writes; null for a read-only register.</summary>
    public Action<SoftwareVirtualCpu, ulong>? Write { get; init; }

    /// <summary>What the host's write does where that differs; the guest may have no write at all.</summary>
    public Action<SoftwareVirtualCpu, ulong>? HostWrite { get; init; }

    /// <summary>Lowest exception level that may read. The encoding's op1 gives it, except where a control bit decides.</summary>
    public int ReadLevel { get; init; } = register.Op1() == 3 ? 0 : 1;

    /// <summary>Lowest exception level that may write.</summary>
    public int WriteLevel { get; init; } = register.Op1() == 3 ? 0 : 1;

    /// <summary>True for FPCR and FPSR, which CPACR_EL1.FPEN traps like floating-point instructions.</summary>
    public bool IsFloating { get; init; }

    /// <summary>For EL0: what lets a read through, where that is not what lets a write through.</summary>
    public Func<SoftwareVirtualCpu, bool>? ReadableAtEL0 { get; init; }

    /// <summary>A write may change how the run loop goes on, and does so with the next instruction.</summary>
    public bool Resynchronizes { get; init; }

    /// <summary>
    /// For EL0: null lets the access through, else the access is trapped to EL1 with this exception class
    /// (<see cref="ExceptionClass.Unknown"/> for undefined).
    /// </summary>
    public Func<SoftwareVirtualCpu, bool>? AllowedAtEL0 { get; init; }
}
