using Armillary.Arm64;

namespace Armillary.Emulation.SystemRegisters;

/// <summary>The values of the system registers that are plain storage.</summary>
internal sealed class SystemRegisterFile
{
    private readonly ulong[] _values = new ulong[SystemRegisterTable.SlotCount];

    public SystemRegisterFile(int index)
    {
        foreach (SystemRegisterRow row in SystemRegisterTable.Rows)
        {
            if (row.Slot >= 0) _values[row.Slot] = row.Reset;
        }

        // Aff0 counts to 15, as GICv3 SGIs address at most 16 CPUs by list; bit 31 is RES1.
        this[SystemRegister.MPIDR_EL1] = (1UL << 31) | ((ulong)((uint)index >> 4) << 8) | ((uint)index & 15);
    }

    /// <summary>A register's value.</summary>
    public ulong this[SystemRegister register]
    {
        get => _values[SystemRegisterTable.Slot(register)];
        set => _values[SystemRegisterTable.Slot(register)] = value;
    }

    public ulong this[int slot]
    {
        get => _values[slot];
        set => _values[slot] = value;
    }
}
