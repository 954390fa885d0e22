using System.Buffers.Binary;
using System.Text;

namespace Armillary.Machine.DeviceTree;

/// <summary>
/// A flattened device tree that somebody gives in place of the board's own (Devicetree Specification 0.4, chapter 5). It is taken as it is, but
/// for what a boot loader writes into <c>/chosen</c>.
/// </summary>
internal static class GivenTree
{
    private const uint Magic = 0xd00d_feed, BeginNode = 1, EndNode = 2, Property = 3, Nop = 4, End = 9;
    private const int HeaderSize = 40, MaxDepth = 64;

    /// <summary>The tree with the machine's command line, seeds and RAM disk in place of its own.</summary>
    /// <exception cref="ArmillaryException">It is damaged, or of a version that nobody writes.</exception>
    public static byte[] Complete(ReadOnlySpan<byte> tree, MachineOptions options, ulong initrd)
    {
        if (tree.Length < HeaderSize || Word(tree, 0) is var magic && magic != Magic) throw Damaged($"it has {tree.Length} bytes and begins with 0x{(tree.Length < 4 ? 0 : Word(tree, 0)):x8}, not with 0x{Magic:x8}");
        uint size = Word(tree, 4), version = Word(tree, 20), compatible = Word(tree, 24);
        if (size > (uint)tree.Length) throw Damaged($"it says that it has {size} bytes, and the file has {tree.Length}");
        if (version < 17 || compatible > 17) throw new ArmillaryException($"The device tree is of version {version}, compatible with {compatible}: this machine reads 17.");
        tree = tree[..(int)size];
        ReadOnlySpan<byte> structure = Block(tree, Word(tree, 8), Word(tree, 36), "structure"), strings = Block(tree, Word(tree, 12), Word(tree, 32), "strings");
        var writer = new DeviceTreeWriter();
        Reservations(tree, writer);
        Copy(structure, strings, writer, options, initrd);
        return writer.ToArray();
    }

    private static void Copy(ReadOnlySpan<byte> structure, ReadOnlySpan<byte> strings, DeviceTreeWriter writer, MachineOptions options, ulong initrd)
    {
        HashSet<string> own = [.. ChosenNode.Names(options)];
        bool hasChosen = false, inChosen = false;
        int depth = 0;
        for (int at = 0; ;)
        {
            switch (Next(structure, ref at))
            {
                case BeginNode:
                    string name = Text(structure, at);
                    at = Align(at + Encoding.UTF8.GetByteCount(name) + 1);
                    if (++depth > MaxDepth) throw Damaged($"it is deeper than {MaxDepth} nodes");
                    if (depth == 1 && name.Length > 0) throw Damaged("its root has a name");
                    writer.Begin(name);
                    inChosen = depth == 2 && name == "chosen";
                    if (inChosen && hasChosen) throw Damaged("it has two nodes /chosen");
                    hasChosen |= inChosen;
                    if (inChosen) ChosenNode.Write(writer, options, initrd);
                    break;
                case EndNode:
                    if (depth == 0) throw Damaged("a node ends that never began");
                    if (depth == 1 && !hasChosen)
                    {
                        writer.Begin("chosen");
                        ChosenNode.Write(writer, options, initrd);
                        writer.EndOfNode();
                        hasChosen = true;
                    }

                    writer.EndOfNode();
                    depth--;
                    inChosen = false;
                    break;
                case Property:
                    uint length = Next(structure, ref at);
                    string property = Text(strings, (int)Math.Min(Next(structure, ref at), int.MaxValue));
                    if (depth == 0) throw Damaged($"property {property} is in no node");
                    if (length > (uint)(structure.Length - at)) throw Damaged($"property {property} has {length} bytes, and the structure ends after {structure.Length - at}");
                    if (!inChosen || !own.Contains(property)) writer.Bytes(property, structure.Slice(at, (int)length));
                    at = Align(at + (int)length);
                    break;
                case Nop:
                    break;
                case End when depth == 0 && hasChosen:
                    return;
                case var token:
                    throw Damaged($"token {token} is at offset {at - sizeof(uint)} of its structure");
            }
        }
    }

    // Until an entry of zeros (5.3).
    private static void Reservations(ReadOnlySpan<byte> tree, DeviceTreeWriter writer)
    {
        for (long at = Word(tree, 16); ; at += 16)
        {
            if (at > tree.Length - 16) throw Damaged("its memory reservations have no end");
            ulong address = BinaryPrimitives.ReadUInt64BigEndian(tree[(int)at..]), size = BinaryPrimitives.ReadUInt64BigEndian(tree[((int)at + 8)..]);
            if (address == 0 && size == 0) return;
            writer.Reserve(address, size);
        }
    }

    private static ReadOnlySpan<byte> Block(ReadOnlySpan<byte> tree, uint at, uint size, string name)
        => at <= (uint)tree.Length && size <= (uint)tree.Length - at ? tree.Slice((int)at, (int)size) : throw Damaged($"its {name} block, {size} bytes from {at}, lies outside its {tree.Length} bytes");

    private static uint Next(ReadOnlySpan<byte> structure, ref int at)
    {
        if (at > structure.Length - sizeof(uint)) throw Damaged("its structure has no end");
        uint word = Word(structure, at);
        at += sizeof(uint);
        return word;
    }

    private static string Text(ReadOnlySpan<byte> block, int at)
    {
        int length = at < block.Length ? block[at..].IndexOf((byte)0) : -1;
        if (length < 0) throw Damaged($"the name at {at} has no end");
        string name = Encoding.ASCII.GetString(block.Slice(at, length));
        return block.Slice(at, length).IndexOfAnyExceptInRange((byte)0x20, (byte)0x7e) < 0 ? name : throw Damaged($"the name at {at} is no text");
    }

    private static int Align(int at) => (at + 3) & ~3;

    private static uint Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);

    private static ArmillaryException Damaged(string what) => new($"The device tree is damaged: {what}.");
}
