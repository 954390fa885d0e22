using System.Numerics;
using Armillary.Arm64;

namespace Armillary.Machine.Gic;

/// <summary>
/// A CPU's interface to the GICv3: the system registers ICC_*_EL1 with one security state, where group 0 is signalled as FIQ and group 1
/// as IRQ (Arm IHI 0069H, 12.2 and 4.8).
/// </summary>
internal sealed class CpuInterface
{
    public const byte Idle = 0xff;

    // Five bits of priority, and as many of preemption: BPR0 is at least 2, and BPR1, which counts one further, at least 3.
    private const byte MinBinaryPoint0 = 2, MinBinaryPoint1 = 3;

    private byte _mask, _binaryPoint0 = MinBinaryPoint0, _binaryPoint1 = MinBinaryPoint1;
    private uint _active0, _active1;
    private bool _enabled0, _enabled1, _commonBinaryPoint, _splitEnd;

    /// <summary>ICC_CTLR_EL1.EOImode: an end drops the priority, and the deactivation is a write of its own.</summary>
    public bool SplitEnd => _splitEnd;

    /// <summary>The group priority of what is being handled, or <see cref="Idle"/>.</summary>
    public byte RunningPriority => (_active0 | _active1) == 0 ? Idle : (byte)(BitOperations.TrailingZeroCount(_active0 | _active1) << 3);

    public bool IsEnabled(int group) => group == 0 ? _enabled0 : _enabled1;

    /// <summary>Would an interrupt of this priority and group be signalled (4.8.6)?</summary>
    public bool LetsThrough(byte priority, int group)
        => IsEnabled(group) && priority < _mask && (byte)(priority & GroupMask(group)) < RunningPriority;

    /// <summary>An interrupt is acknowledged: its group priority becomes the running one.</summary>
    public void Raise(byte priority, int group)
    {
        uint bit = 1u << ((priority & GroupMask(group)) >> 3);
        if (group == 0) _active0 |= bit;
        else _active1 |= bit;
    }

    /// <summary>An end of the group's register: drops the running priority if it is of that group (4.8.5). False if it is not.</summary>
    public bool Drop(int group)
    {
        int highest = BitOperations.TrailingZeroCount(_active0 | _active1);
        if (highest == 32) return false;
        uint bit = 1u << highest;
        ref uint own = ref group == 0 ? ref _active0 : ref _active1;
        if ((own & bit) == 0) return false;
        own &= ~bit;
        return true;
    }

    /// <summary>Registers that are this interface's alone; false for others.</summary>
    public bool TryRead(SystemRegister register, out ulong value)
    {
        const ulong PriorityBits = 4ul << 8, A3V = 1ul << 15;
        value = register switch
        {
            SystemRegister.ICC_PMR_EL1 => _mask,
            SystemRegister.ICC_BPR0_EL1 => _binaryPoint0,
            SystemRegister.ICC_BPR1_EL1 => _commonBinaryPoint ? Math.Min(_binaryPoint0 + 1ul, 7) : _binaryPoint1,
            SystemRegister.ICC_RPR_EL1 => RunningPriority,
            SystemRegister.ICC_CTLR_EL1 => (_commonBinaryPoint ? 1u : 0) | (_splitEnd ? 2u : 0) | PriorityBits | A3V,
            SystemRegister.ICC_SRE_EL1 => 7,
            SystemRegister.ICC_IGRPEN0_EL1 => _enabled0 ? 1u : 0,
            SystemRegister.ICC_IGRPEN1_EL1 => _enabled1 ? 1u : 0,
            SystemRegister.ICC_AP0R0_EL1 => _active0,
            SystemRegister.ICC_AP1R0_EL1 => _active1,
            _ => 0,
        };
        return register is SystemRegister.ICC_PMR_EL1 or SystemRegister.ICC_BPR0_EL1 or SystemRegister.ICC_BPR1_EL1 or SystemRegister.ICC_RPR_EL1
            or SystemRegister.ICC_CTLR_EL1 or SystemRegister.ICC_SRE_EL1 or SystemRegister.ICC_IGRPEN0_EL1 or SystemRegister.ICC_IGRPEN1_EL1
            or SystemRegister.ICC_AP0R0_EL1 or SystemRegister.ICC_AP1R0_EL1;
    }

    /// <inheritdoc cref="TryRead"/>
    public bool TryWrite(SystemRegister register, ulong value)
    {
        switch (register)
        {
            case SystemRegister.ICC_PMR_EL1: _mask = (byte)(value & GicRegisters.PriorityMask); break;
            case SystemRegister.ICC_BPR0_EL1: _binaryPoint0 = Math.Max((byte)(value & 7), MinBinaryPoint0); break;
            case SystemRegister.ICC_BPR1_EL1: if (!_commonBinaryPoint) _binaryPoint1 = Math.Max((byte)(value & 7), MinBinaryPoint1); break;
            case SystemRegister.ICC_CTLR_EL1: (_commonBinaryPoint, _splitEnd) = ((value & 1) != 0, (value & 2) != 0); break;
            case SystemRegister.ICC_SRE_EL1: break; // the memory-mapped interface is not there: all bits are fixed
            case SystemRegister.ICC_IGRPEN0_EL1: _enabled0 = (value & 1) != 0; break;
            case SystemRegister.ICC_IGRPEN1_EL1: _enabled1 = (value & 1) != 0; break;
            case SystemRegister.ICC_AP0R0_EL1: _active0 = (uint)value; break;
            case SystemRegister.ICC_AP1R0_EL1: _active1 = (uint)value; break;
            default: return false;
        }

        return true;
    }

    public CpuInterfaceState Save() => new(_mask, _binaryPoint0, _binaryPoint1, _active0, _active1, _enabled0, _enabled1, _commonBinaryPoint, _splitEnd);

    public void Restore(CpuInterfaceState state)
    {
        _mask = (byte)(state.PriorityMask & GicRegisters.PriorityMask);
        (_binaryPoint0, _binaryPoint1) = (Math.Clamp(state.BinaryPoint0, MinBinaryPoint0, (byte)7), Math.Clamp(state.BinaryPoint1, MinBinaryPoint1, (byte)7));
        (_active0, _active1, _enabled0, _enabled1) = (state.Active0, state.Active1, state.Enabled0, state.Enabled1);
        (_commonBinaryPoint, _splitEnd) = (state.CommonBinaryPoint, state.SplitEnd);
    }

    // The bits of a priority that decide on preemption (4.8.2): group 1's binary point counts one further than group 0's.
    private int GroupMask(int group)
    {
        int point = group == 0 || _commonBinaryPoint ? _binaryPoint0 : _binaryPoint1 - 1;
        return 0xff << (point + 1) & 0xff;
    }
}
