namespace Armillary.Cli.Running;

/// <summary>What is typed at a guest's console: all of it is the guest's, but for Ctrl-A and the key behind it. <c>x</c> ends the machine, Ctrl-A is one Ctrl-A.</summary>
internal sealed class ConsoleKeys
{
    private const byte Escape = 1; // Ctrl-A, as QEMU has it

    private bool _isEscaped;

    /// <summary>Writes what is the guest's over what was typed, and returns its length; negative if the machine shall end.</summary>
    public int Filter(Span<byte> typed)
    {
        int length = 0;
        foreach (byte key in typed)
        {
            bool wasEscaped = _isEscaped;
            _isEscaped = !wasEscaped && key == Escape;
            if (wasEscaped && key is (byte)'x' or (byte)'X') return -1;
            if (!_isEscaped && (!wasEscaped || key == Escape)) typed[length++] = key;
        }

        return length;
    }
}
