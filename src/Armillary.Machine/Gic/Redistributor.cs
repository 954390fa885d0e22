namespace Armillary.Machine.Gic;

/// <summary>A CPU's redistributor, with its SGIs and PPIs (Arm IHI 0069H, 12.10 and 12.11). LPIs are not there.</summary>
internal sealed class Redistributor(int cpu, bool isLast)
{
    private const uint ControlMask = GicRegisters.GICR_CTLR_DPG0 | GicRegisters.GICR_CTLR_DPG1NS;

    private uint _control;
    private bool _isAsleep = true;

    /// <summary>SGIs and PPIs.</summary>
    public InterruptBank Private { get; } = new(0, GicRegisters.PrivateCount);

    /// <summary>GICR_CTLR.DPGn clear and awake: the CPU may be chosen for 1-of-N interrupts of the group.</summary>
    public bool Participates(int group)
        => !_isAsleep && (_control & (group == 0 ? GicRegisters.GICR_CTLR_DPG0 : GicRegisters.GICR_CTLR_DPG1NS)) == 0;

    public uint Read(uint offset)
    {
        if (offset >= GicRegisters.FrameSize)
        {
            offset -= (uint)GicRegisters.FrameSize;
            return Private.TryRead(offset, out uint value) ? value : offset == GicRegisters.PIDR2 ? GicRegisters.PIDR2_GICv3 : 0;
        }

        const uint Last = 1 << 4, DPGS = 1 << 5;
        return offset switch
        {
            GicRegisters.GICR_CTLR => _control,
            GicRegisters.GICR_IIDR => GicRegisters.IIDR,
            GicRegisters.GICR_TYPER => ((uint)cpu << 8) | DPGS | (isLast ? Last : 0),
            GicRegisters.GICR_TYPER + 4 => (uint)GicV3.AffinityOf(cpu),
            GicRegisters.GICR_WAKER => _isAsleep ? GicRegisters.WAKER_ProcessorSleep | GicRegisters.WAKER_ChildrenAsleep : 0,
            GicRegisters.PIDR2 => GicRegisters.PIDR2_GICv3,
            _ => 0,
        };
    }

    public void Write(uint offset, uint value)
    {
        if (offset >= GicRegisters.FrameSize) Private.TryWrite(offset - (uint)GicRegisters.FrameSize, value);
        else if (offset == GicRegisters.GICR_CTLR) _control = value & ControlMask;
        else if (offset == GicRegisters.GICR_WAKER) _isAsleep = (value & GicRegisters.WAKER_ProcessorSleep) != 0;
    }

    public GicCpuState Save(CpuInterface cpuInterface) => new(_control, _isAsleep, Private.Save(), cpuInterface.Save());

    public void Restore(GicCpuState state)
    {
        (_control, _isAsleep) = (state.Control & ControlMask, state.IsAsleep);
        Private.Restore(state.Private);
    }
}
