using System.Buffers.Binary;
using System.Text;

namespace Armillary.Signing.MachO;

/// <summary>
/// What signing needs of a Mach-O executable of one architecture (mach-o/loader.h, mach-o/fat.h): where its signature is or can be, and its
/// segments __TEXT and __LINKEDIT, which ends with the signature.
/// </summary>
internal sealed class MachOImage
{
    private const uint Magic64 = 0xfeed_facf, Magic32 = 0xfeed_face, MagicFat = 0xbeba_feca, MagicFat64 = 0xbfba_feca;
    private const uint Segment64 = 0x19, CodeSignature = 0x1d;
    private const uint Executable = 2;
    private const int HeaderSize = 32, SignatureCommandSize = 16, SegmentCommandSize = 72, SectionSize = 80;

    private int _commandsEnd, _firstContent = int.MaxValue;

    private MachOImage(byte[] bytes) => Bytes = bytes;

    /// <summary>The file.</summary>
    public byte[] Bytes { get; }

    /// <summary>True of a main executable (MH_EXECUTE).</summary>
    public bool IsExecutable { get; private set; }

    /// <summary>File offset of __TEXT.</summary>
    public ulong TextOffset { get; private set; }

    /// <summary>File size of __TEXT.</summary>
    public ulong TextSize { get; private set; }

    /// <summary>Offset of the load command of __LINKEDIT.</summary>
    public int LinkEditCommand { get; private set; } = -1;

    /// <summary>File offset of __LINKEDIT.</summary>
    public ulong LinkEditOffset { get; private set; }

    /// <summary>Offset of LC_CODE_SIGNATURE; -1 if there is none.</summary>
    public int SignatureCommand { get; private set; } = -1;

    /// <summary>File offset of the signature, or where one would begin: aligned to 16 bytes.</summary>
    public int SignatureOffset { get; private set; }

    /// <summary>Bytes that LC_CODE_SIGNATURE gives to the signature.</summary>
    public int SignatureSize { get; private set; }

    /// <summary>Reads the headers.</summary>
    /// <exception cref="SigningException">It is no such file, or its headers contradict each other.</exception>
    public static MachOImage Parse(byte[] bytes)
    {
        var image = new MachOImage(bytes);
        image.Read();
        return image;
    }

    /// <summary>A copy without signature, and with a load command for one of a size given.</summary>
    /// <exception cref="SigningException">There is no room for the load command.</exception>
    public byte[] WithRoomFor(int signatureSize)
    {
        byte[] unsigned = new byte[SignatureOffset];
        Bytes.AsSpan(0, Math.Min(SignatureOffset, Bytes.Length)).CopyTo(unsigned);
        int command = SignatureCommand;
        if (command < 0)
        {
            if (_commandsEnd + SignatureCommandSize > _firstContent) throw new SigningException("The file has no signature, and no room for the load command of one behind its headers.");
            command = _commandsEnd;
            BinaryPrimitives.WriteUInt32LittleEndian(unsigned.AsSpan(command), CodeSignature);
            BinaryPrimitives.WriteUInt32LittleEndian(unsigned.AsSpan(command + 4), SignatureCommandSize);
            BinaryPrimitives.WriteUInt32LittleEndian(unsigned.AsSpan(16), UInt32(16) + 1);
            BinaryPrimitives.WriteUInt32LittleEndian(unsigned.AsSpan(20), UInt32(20) + SignatureCommandSize);
        }

        BinaryPrimitives.WriteInt32LittleEndian(unsigned.AsSpan(command + 8), SignatureOffset);
        BinaryPrimitives.WriteInt32LittleEndian(unsigned.AsSpan(command + 12), signatureSize);

        // Apple Silicon has pages of 16 KiB.
        const ulong Page = 0x4000;
        ulong size = (ulong)(SignatureOffset + signatureSize) - LinkEditOffset;
        BinaryPrimitives.WriteUInt64LittleEndian(unsigned.AsSpan(LinkEditCommand + 32), (size + Page - 1) & ~(Page - 1));
        BinaryPrimitives.WriteUInt64LittleEndian(unsigned.AsSpan(LinkEditCommand + 48), size);
        return unsigned;
    }

    private void Read()
    {
        if (Bytes.Length < HeaderSize) throw new SigningException("The file is too short for an executable of macOS.");
        switch (UInt32(0))
        {
            case Magic64: break;
            case MagicFat or MagicFat64: throw new SigningException("The file holds several architectures; take one out with: lipo FILE -thin arm64 -output NEW");
            case Magic32: throw new SigningException("The file is for 32 bits.");
            default: throw new SigningException("The file is no executable of macOS (Mach-O).");
        }

        IsExecutable = UInt32(12) == Executable;
        uint commands = UInt32(16), size = UInt32(20);
        if (size > Bytes.Length - HeaderSize) throw new SigningException($"The load commands of {size} bytes reach beyond the file.");
        _commandsEnd = HeaderSize + (int)size;
        int at = HeaderSize;
        for (uint i = 0; i < commands; i++)
        {
            if (_commandsEnd - at < 8) throw new SigningException($"Load command {i} reaches beyond the others.");
            uint command = UInt32(at), length = UInt32(at + 4);
            if (length < 8 || length > _commandsEnd - at) throw new SigningException($"Load command {i} has {length} bytes, which its place does not have.");
            if (command == CodeSignature) ReadSignature(at, length);
            if (command == Segment64) ReadSegment(at, length);
            at += (int)length;
        }

        if (LinkEditCommand < 0 || TextSize == 0) throw new SigningException("The file has no segments __TEXT and __LINKEDIT.");
        if (SignatureCommand < 0) SignatureOffset = (Bytes.Length + 15) & ~15;
        if ((ulong)SignatureOffset < LinkEditOffset || SignatureOffset < _commandsEnd + SignatureCommandSize) throw new SigningException("The signature is not at the end of __LINKEDIT.");
    }

    private void ReadSignature(int at, uint length)
    {
        if (length < SignatureCommandSize || SignatureCommand >= 0) throw new SigningException("The load command of the signature is malformed.");
        uint offset = UInt32(at + 8), size = UInt32(at + 12);
        if ((ulong)offset + size > (ulong)Bytes.Length) throw new SigningException($"The signature at {offset} of {size} bytes reaches beyond the file.");
        (SignatureCommand, SignatureOffset, SignatureSize) = (at, (int)offset, (int)size);
    }

    private void ReadSegment(int at, uint length)
    {
        if (length < SegmentCommandSize) throw new SigningException("The load command of a segment is malformed.");
        string name = Encoding.ASCII.GetString(Bytes, at + 8, 16).TrimEnd('\0');
        ulong offset = UInt64(at + 40), size = UInt64(at + 48);
        if (name == "__TEXT") (TextOffset, TextSize) = (offset, size);
        if (name == "__LINKEDIT") (LinkEditCommand, LinkEditOffset) = (at, offset);
        uint sections = UInt32(at + 64);
        if (sections > (length - SegmentCommandSize) / SectionSize) throw new SigningException($"The segment {name} has more sections than its load command.");
        for (uint i = 0; i < sections; i++)
        {
            uint content = UInt32(at + SegmentCommandSize + ((int)i * SectionSize) + 48);
            if (content > 0) _firstContent = (int)Math.Min((uint)_firstContent, content);
        }
    }

    private uint UInt32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(at));

    private ulong UInt64(int at) => BinaryPrimitives.ReadUInt64LittleEndian(Bytes.AsSpan(at));
}
