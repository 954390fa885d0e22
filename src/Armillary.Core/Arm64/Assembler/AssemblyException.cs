namespace Armillary.Arm64;

/// <summary>A program whose labels do not work out: one is not bound, bound twice, or out of an instruction's reach.</summary>
public sealed class AssemblyException : ArmillaryException
{
    internal AssemblyException(string message, Label label, int offset, long? distance = null) : base(message)
    {
        LabelName = label.Name;
        Offset = offset;
        Distance = distance;
    }

    /// <summary>The label's name.</summary>
    public string LabelName { get; }

    /// <summary>The offset in bytes from the program's start of the instruction, or of the second binding.</summary>
    public int Offset { get; }

    /// <summary>For a label out of reach: its distance in bytes from the instruction (for ADRP, between their pages).</summary>
    public long? Distance { get; }
}
