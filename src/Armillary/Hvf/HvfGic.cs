using System.Globalization;
using Armillary.Hvf.Interop;

namespace Armillary.Hvf;

/// <summary>
/// The framework's GICv3: distributor, redistributors, the CPU interface and the timers' interrupts without an exit. Its calls that name
/// a virtual CPU are of that CPU's thread; the others of any.
/// </summary>
internal sealed unsafe class HvfGic
{
    /// <summary>hv_gic_icc_reg_t: what a CPU interface keeps, in the order in which a GICv3 is restored (PMR to IGRPEN1).</summary>
    public static readonly ushort[] CpuInterfaceRegisters = [0xc230, 0xc643, 0xc644, 0xc648, 0xc663, 0xc664, 0xc665, 0xc666, 0xc667];

    private readonly HypervisorGic _functions;
    private readonly DarwinSystem _system;

    internal HvfGic(HypervisorGic functions, DarwinSystem system, ulong distributor, ulong redistributors)
    {
        _functions = functions;
        _system = system;
        nuint distributorSize, distributorAlignment, redistributorSize, redistributorAlignment;
        Check(functions.hv_gic_get_distributor_size(&distributorSize), "hv_gic_get_distributor_size");
        Check(functions.hv_gic_get_distributor_base_alignment(&distributorAlignment), "hv_gic_get_distributor_base_alignment");
        Check(functions.hv_gic_get_redistributor_region_size(&redistributorSize), "hv_gic_get_redistributor_region_size");
        Check(functions.hv_gic_get_redistributor_base_alignment(&redistributorAlignment), "hv_gic_get_redistributor_base_alignment");
        ThrowIfMisaligned(distributor, distributorAlignment, "distributor");
        ThrowIfMisaligned(redistributors, redistributorAlignment, "redistributors");
        if (distributor < redistributors + redistributorSize && redistributors < distributor + distributorSize)
        {
            throw new ArgumentException($"The redistributors at 0x{redistributors:x} of 0x{(ulong)redistributorSize:x} bytes overlap the distributor at 0x{distributor:x} of 0x{(ulong)distributorSize:x}.", nameof(redistributors));
        }

        RedistributorsSize = redistributorSize;
        nint config = functions.hv_gic_config_create();
        try
        {
            Check(functions.hv_gic_config_set_distributor_base(config, distributor), "hv_gic_config_set_distributor_base");
            Check(functions.hv_gic_config_set_redistributor_base(config, redistributors), "hv_gic_config_set_redistributor_base");
            Check(functions.hv_gic_create(config), "hv_gic_create");
        }
        finally
        {
            system.os_release(config);
        }

        uint first, count;
        Check(functions.hv_gic_get_spi_interrupt_range(&first, &count), "hv_gic_get_spi_interrupt_range");
        (FirstShared, SharedCount) = (first, count);
    }

    /// <summary>INTID of the first shared interrupt.</summary>
    public uint FirstShared { get; }

    /// <summary>How many shared interrupts there are.</summary>
    public uint SharedCount { get; }

    /// <summary>Bytes of the redistributors of all virtual CPUs that the machine may have.</summary>
    public ulong RedistributorsSize { get; }

    /// <summary>Sets the level of a shared interrupt.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such interrupt.</exception>
    public void SetShared(uint intid, bool level)
    {
        if (intid - FirstShared >= SharedCount) throw new ArgumentOutOfRangeException(nameof(intid), intid, $"Shared interrupts are {FirstShared} to {FirstShared + SharedCount - 1}.");
        Check(_functions.hv_gic_set_spi(intid, level ? (byte)1 : (byte)0), "hv_gic_set_spi");
    }

    /// <summary>The state of the distributor and the redistributors while no virtual CPU runs, in a form that is the framework's own.</summary>
    public byte[] Save()
    {
        nint state = _functions.hv_gic_state_create();
        if (state == 0) throw HvfCall.Error(hv_return_t.HV_ERROR, "hv_gic_state_create");
        try
        {
            nuint size;
            Check(_functions.hv_gic_state_get_size(state, &size), "hv_gic_state_get_size");
            byte[] data = new byte[size];
            fixed (byte* pointer = data) Check(_functions.hv_gic_state_get_data(state, pointer), "hv_gic_state_get_data");
            return data;
        }
        finally
        {
            _system.os_release(state);
        }
    }

    /// <summary>Takes a saved state, once the virtual CPUs are there and before any has run.</summary>
    /// <exception cref="ArmillaryException">The framework refuses it, as a newer macOS may.</exception>
    public void Restore(ReadOnlySpan<byte> state)
    {
        fixed (byte* pointer = state) Check(_functions.hv_gic_set_state(pointer, (nuint)state.Length), "hv_gic_set_state");
    }

    /// <summary>A register of a CPU interface, which the saved state has not.</summary>
    internal ulong ReadCpuInterface(ulong vcpu, ushort register)
    {
        ulong value;
        Check(_functions.hv_gic_get_icc_reg(vcpu, register, &value), "hv_gic_get_icc_reg");
        return value;
    }

    /// <summary>Restores a register of a CPU interface.</summary>
    internal void WriteCpuInterface(ulong vcpu, ushort register, ulong value) => Check(_functions.hv_gic_set_icc_reg(vcpu, register, value), "hv_gic_set_icc_reg");

    private static void Check(hv_return_t result, string call) => HvfCall.Check(result, call);

    private static void ThrowIfMisaligned(ulong address, ulong alignment, string what)
    {
        if (alignment != 0 && address % alignment != 0) throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The {what} at 0x{address:x} must be aligned to 0x{alignment:x} bytes."));
    }
}
