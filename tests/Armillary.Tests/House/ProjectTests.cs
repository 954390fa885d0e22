using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Armillary.Tests.House;

/// <summary>Who may see whom, and what a library may bring along.</summary>
public sealed class ProjectTests
{
    private static readonly Dictionary<string, string[]> s_mayReference = new(StringComparer.Ordinal)
    {
        ["Armillary.Core"] = [],
        ["Armillary.Emulation"] = ["Armillary.Core"],
        ["Armillary"] = ["Armillary.Core", "Armillary.Emulation", "Armillary.Signing"],
        ["Armillary.Signing"] = [],
        ["Armillary.Machine"] = ["Armillary.Core"],
        ["Armillary.Cli"] = ["Armillary", "Armillary.Machine", "Armillary.Signing"],
    };

    private static readonly Dictionary<string, string[]> s_mayShowItsInternals = new(StringComparer.Ordinal)
    {
        ["Armillary.Core"] = ["Armillary.Emulation", "Armillary", "Armillary.Tests"],
        ["Armillary.Emulation"] = ["Armillary", "Armillary.Tests"],
        ["Armillary"] = ["Armillary.Tests"],
        ["Armillary.Machine"] = ["Armillary.Machine.Tests"],
        ["Armillary.Signing"] = ["Armillary.Cli", "Armillary.Tests"],
        ["Armillary.Cli"] = ["Armillary.Tests"],
    };

    public static TheoryData<string> Sources => [.. Repository.Files("src", ".csproj")];

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_project_references_only_what_is_below_it(string path)
    {
        string name = Name(path);
        Assert.Contains(name, s_mayReference.Keys);
        Assert.All(Items(path, "ProjectReference"), item => Assert.Contains(Name(Include(item)), s_mayReference[name]));
        Assert.All(Items(path, "InternalsVisibleTo"), item => Assert.Contains(Include(item), s_mayShowItsInternals[name]));
        Assert.Empty(Items(path, "Reference"));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_library_brings_no_package_along_but_zstd_for_kernels(string path)
    {
        if (Name(path) == "Armillary.Cli") return;
        foreach (XElement item in Items(path, "PackageReference").Concat(Items("src/Directory.Build.props", "PackageReference")))
        {
            if (Name(path) == "Armillary.Machine" && Include(item) == "ZstdSharp.Port") continue; // C# alone
            Assert.Equal("all", (string?)item.Attribute("PrivateAssets"));
            bool isTaskInterface = Name(path) == "Armillary.Signing" && Include(item) == "Microsoft.Build.Framework" && (string?)item.Attribute("ExcludeAssets") == "runtime"; // MSBuild has it
            Assert.True(isTaskInterface || Include(item).EndsWith("Analyzers", StringComparison.Ordinal), Include(item));
        }
    }

    // A reference reaches further than the project file says: what a project names in its code counts too.
    [Theory]
    [InlineData("src/Armillary.Core", "Emulation", "Hvf", "Kvm", "Machine", "Cli")]
    [InlineData("src/Armillary.Emulation", "Hvf", "Kvm", "Machine", "Cli")]
    [InlineData("src/Armillary", "Machine", "Cli")]
    [InlineData("src/Armillary/Hvf", "Kvm", @"Emulation(?!\.StandIn)")]
    [InlineData("src/Armillary/Kvm", "Hvf", @"Emulation(?!\.StandIn)")]
    [InlineData("src/Armillary.Machine", "Emulation", "Hvf", "Kvm", "Cli")]
    [InlineData("src/Armillary.Cli", "Hvf", "Kvm")]
    [InlineData("examples", "Hvf", "Kvm", "Cli")]
    public void Code_names_no_namespace_that_its_project_may_not_see(string folder, params string[] hidden)
    {
        Regex named = new($@"\bArmillary\.({string.Join('|', hidden)})\b");
        Assert.Equal([], Repository.Files(folder, ".cs").Where(path => named.IsMatch(Repository.Code(path))));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string[] solution = [.. XDocument.Parse(Repository.Text("Armillary.slnx")).Descendants("Project").Select(p => (string)p.Attribute("Path")!).Order(StringComparer.Ordinal)];
        Assert.Equal(Repository.Files("src", ".csproj").Concat(Repository.Files("tests", ".csproj")).Order(StringComparer.Ordinal), solution);
    }

    [Fact]
    public void The_public_surface_of_every_library_is_written_down()
    {
        string[] libraries = [.. Repository.Files("src", ".csproj").Where(path => XDocument.Parse(Repository.Text(path)).Descendants("IsPackable").Any(e => e.Value == "true"))];
        Assert.NotEmpty(libraries);
        foreach (string path in libraries)
        {
            Assert.Contains(Items(path, "PackageReference").Concat(Items("src/Directory.Build.props", "PackageReference")), item => Include(item) == "Microsoft.CodeAnalysis.PublicApiAnalyzers");
            string folder = Path.GetDirectoryName(path)!.Replace('\\', '/');
            Assert.StartsWith("#nullable enable\n", Repository.Text(folder + "/PublicAPI.Shipped.txt"), StringComparison.Ordinal);
            Assert.StartsWith("#nullable enable\n", Repository.Text(folder + "/PublicAPI.Unshipped.txt"), StringComparison.Ordinal);
        }
    }

    private static string Name(string path) => Path.GetFileNameWithoutExtension(path);

    private static string Include(XElement item) => ((string)item.Attribute("Include")!).Replace('\\', '/');

    private static IEnumerable<XElement> Items(string path, string kind)
        => XDocument.Parse(Repository.Text(path)).Descendants(kind).Where(item => item.Attribute("Include") is not null);
}
