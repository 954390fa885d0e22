namespace Armillary.Tests.Engine;

/// <summary>A device that writes down every access and reads as a pattern of the address.</summary>
internal sealed class RecordingDevice : IMmioHandler
{
    public List<string> Accesses { get; } = [];

    public ulong Pattern { get; set; } = 0xf1e2_d3c4_b5a6_9788;

    /// <summary>Called before an access is written down; false leaves it to the host, as does a throw.</summary>
    public Func<ulong, bool>? Before { get; set; }

    public bool Read(ulong gpa, int size, out ulong value)
    {
        bool answers = Before?.Invoke(gpa) != false;
        value = Pattern + gpa;
        if (!answers) return false;
        Accesses.Add($"R{size} {gpa - Guest.Device:x}");
        return true;
    }

    public bool Write(ulong gpa, int size, ulong value)
    {
        if (Before?.Invoke(gpa) == false) return false;
        Accesses.Add($"W{size} {gpa - Guest.Device:x}={value:x}");
        return true;
    }
}
