namespace Armillary;

/// <summary>
/// One timer of the generic timer (Arm ARM D12.2.4): it fires while the counter has reached the compare value.
/// </summary>
internal sealed class GenericTimer(PrivateInterrupt interrupt)
{
    private const uint Enable = 1, Mask = 2, Status = 4;
    private uint _control;

    public PrivateInterrupt Interrupt { get; } = interrupt;

    /// <summary>CVAL.</summary>
    public ulong CompareValue { get; set; }

    /// <summary>The output as it was last reported.</summary>
    public bool Output { get; set; }

    /// <summary>True if it will fire of itself some time.</summary>
    public bool IsWaiting(ulong counter) => (_control & (Enable | Mask)) == Enable && counter < CompareValue;

    /// <summary>The output at a count.</summary>
    public bool Fires(ulong counter) => (_control & (Enable | Mask)) == Enable && counter >= CompareValue;

    /// <summary>CTL; ISTATUS shows the condition whatever IMASK says.</summary>
    public ulong ReadControl(ulong counter) => (_control & Enable) != 0 && counter >= CompareValue ? _control | Status : _control;

    /// <summary>CTL.</summary>
    public void WriteControl(ulong value) => _control = (uint)value & (Enable | Mask);

    /// <summary>TVAL: the signed 32-bit distance to the compare value.</summary>
    public ulong ReadValue(ulong counter) => (uint)(CompareValue - counter);

    /// <summary>TVAL.</summary>
    public void WriteValue(ulong value, ulong counter) => CompareValue = counter + (ulong)(int)value;
}
