using System.Globalization;

namespace Armillary.Hvf.Conformance;

/// <summary>
/// Questions to Hypervisor.framework on a real Mac: what the engine relies on, and what no document says. The answers tell where the engine or the
/// shim of the tests is wrong.
/// </summary>
internal sealed partial class Questions
{
    private readonly HvfHost _host;
    private readonly List<ConformanceFinding> _findings = [];

    private Questions(HvfHost host) => _host = host;

    /// <summary>Asks everything. A question that fails has the failure as its answer.</summary>
    public static IReadOnlyList<ConformanceFinding> Ask(HvfHost host)
    {
        var questions = new Questions(host);
        questions.AskAboutLife();
        questions.AskAboutMemory();
        questions.AskAboutRegisters();
        questions.AskAboutExits();
        questions.AskAboutInterrupts();
        questions.AskAboutTime();
        return questions._findings;
    }

    private void Ask(string id, string question, string? expected, Func<string> answer)
    {
        string observed;
        try
        {
            observed = answer();
        }
        catch (ArmillaryException error)
        {
            observed = error.Message;
        }

        _findings.Add(new ConformanceFinding(id, question, expected, observed));
    }

    private void AskGuest(string id, string question, string? expected, Func<RawGuest, string> answer) => Ask(id, question, expected, () =>
    {
        using var guest = new RawGuest(_host);
        guest.Reset();
        return answer(guest);
    });

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
