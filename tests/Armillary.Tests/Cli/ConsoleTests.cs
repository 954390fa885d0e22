using System.Text;
using Armillary.Cli;

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
            using var watched = new WatchedOutput(output, Encoding.UTF8.GetBytes(text), () => times++);
            foreach (byte[] part in Encoding.UTF8.GetBytes(printed + printed).Chunk(size)) watched.Write(part);
            Assert.Equal(found ? 1 : 0, times);
            Assert.Equal(printed + printed, Encoding.UTF8.GetString(output.ToArray()));
        }
    }
}
