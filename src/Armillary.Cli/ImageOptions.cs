using System.CommandLine;

namespace Armillary.Cli;

/// <summary>The arguments that say which image is meant and where it stands.</summary>
internal sealed class ImageOptions
{
    public const ulong DefaultLoadAddress = 0x4008_0000;

    public Argument<string> File { get; } = new("FILE") { Description = "A flat image, or an ELF file for AArch64." };

    public Option<ulong?> Load { get; } = Address("--load",
        "Where a flat image stands (default 0x40080000), or the lowest segment of a position-independent ELF file (default: where the file says).");

    public static Option<ulong?> Address(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDR",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!Number.TryParse(text, out ulong value)) result.AddError($"{name} takes an address, such as 0x40080000, not '{text}'.");
            else if (value % 4 != 0) result.AddError($"{name} {text}: instructions stand at multiples of 4 bytes.");
            return value;
        },
    };

    public GuestImage Read(ParseResult result) => Read(result.GetRequiredValue(File), result.GetValue(Load));

    public static GuestImage Read(string path, ulong? loadAddress)
    {
        if (Directory.Exists(path)) throw new ImageFormatException($"{path} is a directory, not an image.");
        try
        {
            ReadOnlyMemory<byte> file = GuestImage.ReadFile(path);
            return GuestImage.IsElf(file.Span) ? GuestImage.FromElf(file, loadAddress) : GuestImage.FromFlat(file, loadAddress ?? DefaultLoadAddress);
        }
        catch (ImageFormatException error)
        {
            throw new ImageFormatException($"{path}: {error.Message}");
        }
    }
}
