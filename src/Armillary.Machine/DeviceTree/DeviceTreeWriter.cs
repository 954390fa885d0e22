using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Armillary.Machine.DeviceTree;

/// <summary>Writes a flattened device tree, version 17 (Devicetree Specification 0.4, chapter 5).</summary>
internal sealed class DeviceTreeWriter
{
    private const uint Magic = 0xd00d_feed, BeginNode = 1, EndNode = 2, Property = 3, End = 9;
    private const int HeaderSize = 40, ReservationSize = 16;

    private readonly ArrayBufferWriter<byte> _structure = new(), _strings = new(), _reservations = new();
    private readonly Dictionary<string, uint> _names = [];
    private int _depth;

    /// <summary>Adds memory that the guest leaves alone.</summary>
    public void Reserve(ulong address, ulong size)
    {
        Span<byte> entry = _reservations.GetSpan(ReservationSize);
        BinaryPrimitives.WriteUInt64BigEndian(entry, address);
        BinaryPrimitives.WriteUInt64BigEndian(entry[sizeof(ulong)..], size);
        _reservations.Advance(ReservationSize);
    }

    /// <summary>Begins a node; the root's name is empty.</summary>
    public void Begin(string name)
    {
        Word(BeginNode);
        Text(_structure, name);
        Pad();
        _depth++;
    }

    /// <summary>Ends the node begun last.</summary>
    public void EndOfNode()
    {
        Word(EndNode);
        _depth--;
    }

    /// <summary>A property without a value.</summary>
    public void Empty(string name) => Bytes(name, []);

    /// <summary>A property of cells.</summary>
    public void Cells(string name, params ReadOnlySpan<uint> cells)
    {
        byte[] value = new byte[4 * cells.Length];
        for (int i = 0; i < cells.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(4 * i), cells[i]);
        Bytes(name, value);
    }

    /// <summary>A property of addresses and sizes, two cells each.</summary>
    public void Wide(string name, params ReadOnlySpan<ulong> values)
    {
        byte[] value = new byte[8 * values.Length];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteUInt64BigEndian(value.AsSpan(8 * i), values[i]);
        Bytes(name, value);
    }

    /// <summary>A property of one or more strings.</summary>
    public void Strings(string name, params ReadOnlySpan<string> values)
    {
        var value = new ArrayBufferWriter<byte>();
        foreach (string text in values) Text(value, text);
        Bytes(name, value.WrittenSpan);
    }

    /// <summary>A property of bytes.</summary>
    public void Bytes(string name, ReadOnlySpan<byte> value)
    {
        if (!_names.TryGetValue(name, out uint at))
        {
            _names.Add(name, at = (uint)_strings.WrittenCount);
            Text(_strings, name);
        }

        Word(Property);
        Word((uint)value.Length);
        Word(at);
        _structure.Write(value);
        Pad();
    }

    /// <summary>The tree; after the root has ended.</summary>
    public byte[] ToArray()
    {
        if (_depth != 0) throw new InvalidOperationException($"{_depth} nodes have not ended.");
        Word(End);
        int structure = _structure.WrittenCount, strings = _strings.WrittenCount, begin = HeaderSize + _reservations.WrittenCount + ReservationSize; // the last reservation is none
        byte[] tree = new byte[begin + structure + strings];
        ReadOnlySpan<int> header = [unchecked((int)Magic), tree.Length, begin, begin + structure, HeaderSize, 17, 16, 0, strings, structure];
        for (int i = 0; i < header.Length; i++) BinaryPrimitives.WriteInt32BigEndian(tree.AsSpan(4 * i), header[i]);
        _reservations.WrittenSpan.CopyTo(tree.AsSpan(HeaderSize));
        _structure.WrittenSpan.CopyTo(tree.AsSpan(begin));
        _strings.WrittenSpan.CopyTo(tree.AsSpan(begin + structure));
        return tree;
    }

    private static void Text(ArrayBufferWriter<byte> to, string text)
    {
        to.Write(Encoding.UTF8.GetBytes(text));
        to.Write((ReadOnlySpan<byte>)[0]);
    }

    private void Word(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        _structure.Write(bytes);
    }

    private void Pad()
    {
        while ((_structure.WrittenCount & 3) != 0) _structure.Write((ReadOnlySpan<byte>)[0]);
    }
}
