namespace Armillary.Machine;

/// <summary>
/// A device at an address. Accesses are 1, 2, 4 or 8 bytes, aligned, and come from the threads of all virtual CPUs. No access is an error:
/// an offset or size that is not a register's reads as zero and is ignored.
/// </summary>
internal interface IDevice
{
    ulong Read(ulong offset, int size);

    void Write(ulong offset, int size, ulong value);
}
