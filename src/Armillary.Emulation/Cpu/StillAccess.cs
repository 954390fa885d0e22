using System.Buffers.Binary;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Memory;

namespace Armillary.Emulation.Cpu;

/// <summary>A read, an exchange or an update of 1 to 16 bytes at any address, while nobody else runs.</summary>
internal readonly struct StillAccess(ulong gpa, int size)
{
    /// <summary>For an exchange: the operand is stored if this is what is found.</summary>
    public UInt128? Expected { get; init; }

    /// <summary>For an update of up to 8 bytes: what becomes of it and the operand.</summary>
    public AtomicKind? Kind { get; init; }

    public UInt128 Operand { get; init; }

    /// <summary>False, and nothing is done, if the memory is not there or may not be accessed.</summary>
    public unsafe bool TryDo(SoftwareVirtualMachine machine, out UInt128 found)
    {
        found = 0;
        bool writes = Expected is not null || Kind is not null;
        MemoryPermissions wanted = writes ? MemoryPermissions.ReadWrite : MemoryPermissions.Read;
        if (machine.Find(gpa) is not { } region || (region.Permissions & wanted) != wanted) return false;
        var bytes = new Span<byte>(region.Host(gpa), size);
        Span<byte> value = stackalloc byte[sizeof(UInt128)];
        value.Clear();
        bytes.CopyTo(value);
        found = BinaryPrimitives.ReadUInt128LittleEndian(value);
        if (writes && (Kind is not null || found == Expected))
        {
            BinaryPrimitives.WriteUInt128LittleEndian(value, Kind is { } kind ? HostAtomics.Apply(kind, size, (ulong)found, (ulong)Operand) : Operand);
            value[..size].CopyTo(bytes);
        }

        return true;
    }
}
