using Armillary.Emulation;
using CsCheck;

namespace Armillary.Tests.Core;

/// <summary>Guest memory against a model: a dictionary of pages.</summary>
public sealed class GuestMemoryModelTests
{
    private const ulong Page = 0x1000;

    private enum Act
    {
        Map,
        Unmap,
        Write,
        Read,
        Collect,
    }

    private static readonly Act[] s_acts = [Act.Map, Act.Map, Act.Unmap, Act.Write, Act.Write, Act.Write, Act.Read, Act.Collect];

    private static readonly Gen<(Act Act, ulong Page, ulong Offset, int Length, byte Value)[]> s_histories = Gen.Select(
        Gen.Int[0, s_acts.Length - 1].Select(n => s_acts[n]),
        Gen.ULong[0, 11], Gen.OneOf(Gen.Const(0ul), Gen.ULong[0, Page - 1]), Gen.OneOf(Gen.Int[0, 64], Gen.Int[0, 0x5000]), Gen.Byte).Array[1, 40];

    [Fact]
    public void Every_history_gives_what_a_table_of_pages_gives() => s_histories.Sample(history =>
    {
        using VirtualMachine machine = new SoftwareBackend().CreateVirtualMachine();
        GuestMemory memory = machine.Memory;
        var pages = new Dictionary<ulong, (GuestMemoryRegion Region, byte[] Bytes)>();
        var dirty = new HashSet<ulong>();
        foreach ((Act act, ulong first, ulong offset, int length, byte value) in history)
        {
            ulong count = ((ulong)length % 4) + 1, at = (first * Page) + offset, end = at + (ulong)length;
            bool covered = length == 0 || Range(at, end).All(pages.ContainsKey);
            switch (act)
            {
                case Act.Map when Range(first * Page, (first + count) * Page).Any(pages.ContainsKey):
                    Assert.Throws<GuestMemoryException>(() => memory.Map(first * Page, count * Page));
                    break;
                case Act.Map:
                    GuestMemoryRegion region = memory.Map(first * Page, count * Page);
                    foreach (ulong page in Range(first * Page, (first + count) * Page)) pages[page] = (region, new byte[Page]);
                    break;
                case Act.Unmap when pages.TryGetValue(first, out (GuestMemoryRegion Region, byte[] Bytes) found):
                    memory.Unmap(found.Region);
                    foreach (ulong page in Range(found.Region.Address, found.Region.LastAddress + 1))
                    {
                        pages.Remove(page);
                        dirty.Remove(page);
                    }

                    break;
                case Act.Write:
                    byte[] source = [.. Enumerable.Range(0, length).Select(i => (byte)(value + i))];
                    Assert.Equal(covered, memory.TryWrite(at, source));
                    for (int i = 0; covered && i < length; i++)
                    {
                        ulong address = at + (ulong)i;
                        pages[address / Page].Bytes[address % Page] = source[i];
                        dirty.Add(address / Page);
                    }

                    break;
                case Act.Read:
                    byte[] destination = new byte[length];
                    Assert.Equal(covered, memory.TryRead(at, destination));
                    Assert.Equal(covered, memory.IsMapped(at, (ulong)length));
                    for (int i = 0; covered && i < length; i++) Assert.Equal(pages[(at + (ulong)i) / Page].Bytes[(at + (ulong)i) % Page], destination[i]);
                    break;
                case Act.Collect:
                    foreach (GuestMemoryRegion one in memory.Regions)
                    {
                        ulong[] bitmap = new ulong[one.DirtyBitmapLength];
                        memory.CollectDirtyPages(one, bitmap);
                        foreach (ulong page in Range(one.Address, one.LastAddress + 1))
                        {
                            ulong bit = page - (one.Address / Page);
                            Assert.Equal(dirty.Remove(page), (bitmap[bit / 64] >> (int)(bit % 64) & 1) != 0);
                        }
                    }

                    break;
                default:
                    break;
            }
        }
    }, iter: 400, threads: 1);

    private static IEnumerable<ulong> Range(ulong start, ulong end)
    {
        for (ulong page = start / Page; page * Page < end; page++) yield return page;
    }
}
