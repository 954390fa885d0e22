using System.Text;

namespace Armillary.Machine.Tests.Linux;

/// <summary>A running machine's console, written to and read from as a person would.</summary>
internal sealed class Shell : IDisposable
{
    /// <summary>Root's prompt ends so, in busybox and in Debian.</summary>
    public const string Prompt = "# ";

    private readonly Machine _machine;
    private readonly StreamReader _reader;

    /// <summary>Starts the machine.</summary>
    public Shell(Machine machine, CancellationToken hang)
    {
        _machine = machine;
        End = machine.RunAsync(hang);
        _reader = new StreamReader(machine.Console, Encoding.Latin1);
    }

    /// <summary>The end of the run.</summary>
    public Task<MachineExit> End { get; }

    /// <summary>What is printed for a command to the next prompt, its echo included.</summary>
    public string Do(string command)
    {
        Type(command);
        return Expect(Prompt);
    }

    public void Type(string line) => _machine.Console.Write(Encoding.ASCII.GetBytes(line + "\n"));

    public Task<MachineExit> PowerOff()
    {
        Type("poweroff -f");
        return End;
    }

    /// <summary>Reads to where the guest has printed a text; the end of the run ends it too.</summary>
    public string Expect(string text)
    {
        var printed = new StringBuilder();
        for (int character; (character = _reader.Read()) >= 0;)
        {
            printed.Append((char)character);
            if (printed.Length >= text.Length && printed.ToString(printed.Length - text.Length, text.Length) == text) return printed.ToString();
        }

        throw new Xunit.Sdk.XunitException($"The guest did not print '{text}' after: {printed}");
    }

    public void Dispose() => _reader.Dispose();
}
