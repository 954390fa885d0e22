using System.Text.RegularExpressions;
using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.House;

/// <summary>The two READMEs keep their word: commands, transcripts and the C# example.</summary>
public sealed partial class ReadmeTests
{
    private const string English = "README.md";
    private const string Japanese = "README.ja.md";

    public static TheoryData<string> Both => [English, Japanese];

    [Fact]
    public void Both_name_the_same_commands_the_two_first()
    {
        string[] commands = [.. Commands(English)];
        Assert.Equal(["dotnet run examples/fibonacci.cs", "dotnet test"], commands.Take(2));
        Assert.Equal(commands, Commands(Japanese));
        Assert.Equal(Blocks(English, "csharp"), Blocks(Japanese, "csharp"));
    }

    [Fact]
    public void The_workflow_runs_the_two_commands()
    {
        string workflow = Repository.Text(".github/workflows/ci.yml");
        Assert.All(Commands(English).Take(2), command => Assert.Contains($"run: {command}\n", workflow, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(English, "examples/demo.expected", "examples/fibonacci.expected")]
    [InlineData(Japanese, "examples/demo.ja.expected", "examples/fibonacci.ja.expected")]
    public void The_transcripts_are_what_the_examples_print(string readme, params string[] transcripts)
        => Assert.Equal(transcripts.Select(path => Repository.Text(path).TrimEnd('\n')), Blocks(readme, "text"));

    [Theory]
    [MemberData(nameof(Both))]
    public void The_program_is_the_one_tested_here(string readme)
    {
        string[] here = Repository.Lines("tests/Armillary.Tests/House/ReadmeTests.cs");
        string[] program = [.. here.SkipWhile(line => line.Trim() != "// README {").Skip(1).TakeWhile(line => line.Trim() != "// README }").Select(line => line.Length > 8 ? line[8..] : "")];
        string[] block = Assert.Single(Blocks(readme, "csharp")).Split('\n');
        string[] directives = [.. block.TakeWhile(line => line.Length > 0)];
        Assert.Equal("#:project src/Armillary/Armillary.csproj", directives[0]);
        Assert.True(Repository.Exists("src/Armillary/Armillary.csproj"));
        Assert.All(directives.Skip(1), line => Assert.True(here.Contains(line) || line == "using Armillary;", line));
        Assert.Equal(program, block.Skip(directives.Length + 1));
    }

    [Fact]
    public void The_program_prints_what_its_comment_says()
    {
        var Console = new StringWriter();

        // README {
        using var hypervisor = new Hypervisor(guestAddress: 0x10000, memorySize: 4096);
        hypervisor.WriteInstructions(
            Mov(X0, 40),
            Add(X0, X0, 2),
            Brk());

        VmExitInfo exit = hypervisor.Run();
        Console.WriteLine($"{exit.Description}, x0 = {exit.X[0]}"); // BRK #0 at 0x10008, x0 = 42
        // README }

        Assert.Equal("BRK #0 at 0x10008, x0 = 42", Console.ToString().TrimEnd());
    }

    private static IEnumerable<string> Commands(string readme) => Blocks(readme, "bash").SelectMany(block => block.Split('\n'))
        .Select(line => line.Split(" #")[0].TrimEnd()).Where(line => line.Length > 0 && line[0] != '#');

    private static IEnumerable<string> Blocks(string readme, string language)
        => Fence().Matches(Repository.Text(readme)).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value);

    [GeneratedRegex("^```(\\w+)\n(.*?)\n```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}
