using System.Buffers.Binary;
using System.CommandLine;

namespace Armillary.Cli;

/// <summary><c>armillary disasm</c>: the instructions of an image, a line a word.</summary>
internal static class DisasmCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var image = new ImageOptions();
        var command = new Command("disasm", "Prints an image's instructions: address, word, text.") { image.File, image.Load };
        command.SetAction(result => Run(image.Read(result), surroundings));
        return command;
    }

    private static int Run(GuestImage image, Surroundings surroundings)
    {
        foreach (ImageSegment segment in image.Segments.Where(s => s.IsExecutable))
        {
            ReadOnlySpan<byte> data = segment.Data.Span;
            ulong address = segment.Address;
            for (; data.Length >= sizeof(uint); data = data[sizeof(uint)..], address += sizeof(uint))
            {
                if (surroundings.Interrupt.IsCancellationRequested) return ExitCode.Interrupted;
                surroundings.Out.WriteLine(Listing.Line(address, BinaryPrimitives.ReadUInt32LittleEndian(data)));
            }

            if (data.Length > 0) surroundings.Complain($"the last {data.Length} bytes at 0x{address:x} are no whole instruction");
        }

        return ExitCode.Success;
    }
}
