using System.Text;
using Armillary.Cli.Running;

namespace Armillary.Tests.Cli;

/// <summary>A guest's console on a terminal: keys on their way in, and what is watched on the way out.</summary>
public sealed class ConsoleTests
{
    [Theory]
    [InlineData("ls\r", "ls\r")]
    [InlineData("\u0003", "\u0003")] // Ctrl-C is the guest's
    [InlineData("a\u0001\u0001b", "a\u0001b")]
    [InlineData("a\u0001yb", "ab")]
    [InlineData("a\u0001x", null)]
    [InlineData("a\u0001Xb", null)]
    [InlineData("x", "x")]
    public void Keys_are_the_guests_but_for_the_escape(string typed, string? expected)
    {
        byte[] whole = Encoding.Latin1.GetBytes(typed);
        int length = new ConsoleKeys().Filter(whole);
        Assert.Equal(expected, length < 0 ? null : Encoding.Latin1.GetString(whole, 0, length));

        // Key by key it is the same.
        var keys = new ConsoleKeys();
        var passed = new List<byte>();
        bool ended = false;
        foreach (byte key in Encoding.Latin1.GetBytes(typed))
        {
            byte[] one = [key];
            int count = keys.Filter(one);
            if (count < 0) ended = true;
            else passed.AddRange(one[..count]);
            if (ended) break;
        }

        Assert.Equal(expected, ended ? null : Encoding.Latin1.GetString([.. passed]));
    }

    [Theory]
    [InlineData("login: ", "host login: ", true)]
    [InlineData("aab", "aaab", true)]
    [InlineData("aab", "abb", false)]
    [InlineData("", "anything", false)]
    public void A_text_is_found_once_wherever_writes_end(string text, string printed, bool found)
    {
        foreach (int size in (int[])[1, 2, 100])
        {
            using var output = new MemoryStream();
            int times = 0;
            using var watched = new GuestOutput([output], TimeProvider.System, () => { });
            watched.WaitFor(Encoding.UTF8.GetBytes(text), () => times++);
            foreach (byte[] part in Encoding.UTF8.GetBytes(printed + printed).Chunk(size)) watched.Write(part);
            Assert.Equal(found ? 1 : 0, times);
            Assert.Equal(printed + printed, Encoding.UTF8.GetString(output.ToArray()));
        }
    }

    [Fact]
    public void A_log_that_cannot_be_written_is_no_harm_and_a_terminal_that_is_gone_is_told_once()
    {
        using var shown = new MemoryStream();
        int lost = 0;
        using (var output = new GuestOutput([shown, new FullDisk()], TimeProvider.System, () => lost++)) output.Write("abc"u8);
        Assert.Equal(("abc", 0), (Encoding.ASCII.GetString(shown.ToArray()), lost));
        using var log = new MemoryStream();
        using (var output = new GuestOutput([new FullDisk(), log], TimeProvider.System, () => lost++))
        {
            output.Write("abc"u8);
            output.Write("d"u8);
        }

        Assert.Equal(("abcd", 1), (Encoding.ASCII.GetString(log.ToArray()), lost));
    }

    private sealed class FullDisk : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");
    }
}
