using System.Buffers.Binary;
using Armillary.Arm64;

namespace Armillary;

/// <summary>
/// The short way to run ARM64 code: a virtual machine with one virtual CPU and one piece of memory, in a few lines.
/// </summary>
/// <remarks>
/// <para>At the start PC is the guest address, X0 to X30 and SP are 0, PSTATE is 0x3c4 (EL1t, all interrupts masked), the
/// MMU is off, and debug exceptions are trapped, so that BRK ends a run with PC at the BRK itself.</para>
/// <para>The virtual CPU belongs to the thread that creates the <see cref="Hypervisor"/>: <see cref="Run"/> and everything
/// of <see cref="VirtualCpu"/> but <see cref="VirtualCpu.RequestExit"/> must be called from it.
/// Memory may be read and written from any thread.</para>
/// <para><see cref="VirtualMachine"/> and <see cref="VirtualCpu"/> lead to everything that this class does not cover.</para>
/// </remarks>
public sealed class Hypervisor : IDisposable
{
    private readonly GuestMemoryRegion _region;

    /// <summary>Creates a virtual machine with memory and a virtual CPU that starts at <paramref name="guestAddress"/>.</summary>
    /// <param name="guestAddress">Guest physical address of the memory, a multiple of the engine's page (4 or 16 KiB).</param>
    /// <param name="memorySize">Bytes of memory, not 0; rounded up to the engine's page. It is zeroed.</param>
    /// <param name="options">Engine, devices and initial state; null: the defaults.</param>
    /// <exception cref="GuestMemoryException">The range is empty, misaligned, or beyond 48-bit addresses.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The options' PSTATE is not EL0t, EL1t or EL1h.</exception>
    /// <exception cref="EngineUnavailableException">The engine asked for cannot run here.</exception>
    public Hypervisor(ulong guestAddress, ulong memorySize, HypervisorOptions? options = null)
    {
        options ??= new HypervisorOptions();
        VirtualMachine machine = (options.Engine ?? Backends.Default).CreateVirtualMachine();
        try
        {
            _region = machine.Memory.Map(guestAddress, RoundUp(guestAddress, memorySize, (ulong)machine.PageSize));
            VirtualCpu = machine.CreateVirtualCpu();
            VirtualCpu.Pstate = options.Pstate;
            VirtualCpu.Pc = guestAddress;
            VirtualCpu.TrapDebugExceptions = options.TrapDebugExceptions;
            VirtualCpu.MmioHandler = options.MmioHandler;
        }
        catch
        {
            machine.Dispose();
            throw;
        }

        VirtualMachine = machine;
    }

    /// <summary>The virtual machine. More memory and more virtual CPUs can be added to it.</summary>
    public VirtualMachine VirtualMachine { get; }

    /// <summary>The virtual CPU that <see cref="Run"/> runs.</summary>
    public VirtualCpu VirtualCpu { get; }

    /// <summary>Guest physical address of the first byte of memory.</summary>
    public ulong GuestAddress => _region.Address;

    /// <summary>Bytes of memory: what was asked for, rounded up to the engine's page.</summary>
    public ulong MemorySize => _region.Size;

    /// <summary>Writes one instruction at the start of memory.</summary>
    /// <param name="word">The instruction's encoding, such as 0xd2800540 for MOV X0, #42.</param>
    public void WriteInstruction(uint word) => WriteInstructionsAt(0, word);

    /// <summary>Writes instructions at the start of memory, where PC starts.</summary>
    /// <param name="words">The instructions' encodings.</param>
    /// <exception cref="GuestMemoryException">They are more than the memory holds; nothing was written.</exception>
    public void WriteInstructions(params ReadOnlySpan<uint> words) => WriteInstructionsAt(0, words);

    /// <summary>Writes instructions somewhere in memory.</summary>
    /// <param name="offset">Bytes from the start of memory, a multiple of 4.</param>
    /// <param name="words">The instructions' encodings.</param>
    /// <exception cref="GuestMemoryException">The offset is misaligned, or the memory ends before them; nothing was written.</exception>
    public void WriteInstructionsAt(ulong offset, params ReadOnlySpan<uint> words)
    {
        ulong length = (ulong)words.Length * sizeof(uint);
        ThrowIfMisaligned(offset, length);
        ThrowIfOutside(offset, length, "write");
        foreach (uint word in words)
        {
            VirtualMachine.Memory.Write(GuestAddress + offset, word);
            offset += sizeof(uint);
        }
    }

    /// <summary>Writes a program at the start of memory, where PC starts.</summary>
    /// <param name="program">Instructions of <see cref="A64"/>, labels, and raw words.</param>
    /// <exception cref="AssemblyException">A label is not bound, bound twice or out of reach; nothing was written.</exception>
    /// <exception cref="GuestMemoryException">The program is longer than the memory; nothing was written.</exception>
    public void WriteInstructions(params ReadOnlySpan<Instruction> program) => WriteInstructionsAt(0, program);

    /// <summary>Writes a program somewhere in memory.</summary>
    /// <param name="offset">Bytes from the start of memory, a multiple of 4.</param>
    /// <param name="program">Instructions of <see cref="A64"/>, labels, and raw words.</param>
    /// <exception cref="AssemblyException">A label is not bound, bound twice or out of reach; nothing was written.</exception>
    /// <exception cref="GuestMemoryException">The offset is misaligned, or the memory ends before the program does; nothing was written.</exception>
    public void WriteInstructionsAt(ulong offset, params ReadOnlySpan<Instruction> program)
    {
        ThrowIfMisaligned(offset, (ulong)program.Length * sizeof(uint));
        WriteInstructionsAt(offset, A64.Assemble(GuestAddress + offset, program));
    }

    /// <summary>Writes 8 bytes, little-endian.</summary>
    /// <param name="offset">Bytes from the start of memory; any alignment.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="GuestMemoryException">The memory ends before them; nothing was written.</exception>
    public void WriteData(ulong offset, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        WriteData(offset, bytes);
    }

    /// <summary>Writes bytes.</summary>
    /// <param name="offset">Bytes from the start of memory.</param>
    /// <param name="data">The bytes; may be empty.</param>
    /// <exception cref="GuestMemoryException">The memory ends before them; nothing was written.</exception>
    public void WriteData(ulong offset, ReadOnlySpan<byte> data)
    {
        ThrowIfOutside(offset, (ulong)data.Length, "write");
        VirtualMachine.Memory.Write(GuestAddress + offset, data);
    }

    /// <summary>Reads 8 bytes, little-endian.</summary>
    /// <param name="offset">Bytes from the start of memory; any alignment.</param>
    /// <exception cref="GuestMemoryException">The memory ends before them.</exception>
    public ulong ReadData(ulong offset)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        ReadData(offset, bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Reads bytes.</summary>
    /// <param name="offset">Bytes from the start of memory.</param>
    /// <param name="destination">Filled whole.</param>
    /// <exception cref="GuestMemoryException">The memory ends before them.</exception>
    public void ReadData(ulong offset, Span<byte> destination)
    {
        ThrowIfOutside(offset, (ulong)destination.Length, "read");
        VirtualMachine.Memory.Read(GuestAddress + offset, destination);
    }

    /// <summary>Runs the guest until it, the limit, the callback or the token ends the run. The next run goes on from there.</summary>
    /// <param name="maxIterations">
    /// The limit; null: none. Without a step callback an iteration is one entry into the guest, which runs it at full speed
    /// up to its next exit: a guest that never exits is ended by <paramref name="cancellationToken"/>, not by this limit.
    /// With a step callback an iteration is one guest instruction. 0 runs nothing.
    /// </param>
    /// <param name="stepCallback">Called before each instruction; the guest is then single-stepped.</param>
    /// <param name="cancellationToken">Ends the run as <see cref="RunOutcome.Canceled"/>; nothing is thrown.</param>
    /// <returns>Why the run ended, and the registers.</returns>
    /// <remarks>
    /// <para>Every exit ends the run, with one exception: at WFE the guest goes on, since the architecture lets WFE complete
    /// at any time. WFI ends it: there is no interrupt here that could wake the guest, which would sleep for ever. PC is then
    /// the instruction after it, and the next run goes on there.</para>
    /// <para>After an access that neither memory nor the <see cref="IMmioHandler"/> answered, a read must be given its value
    /// by <see cref="VirtualCpu.CompleteMmioRead"/> before the next run, or be skipped by writing PC.</para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxIterations"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">An MMIO read waits for its value.</exception>
    /// <exception cref="VirtualCpuThreadException">The caller is not the thread that created the hypervisor.</exception>
    public VmExitInfo Run(long? maxIterations = null, StepCallback? stepCallback = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxIterations ?? 0, nameof(maxIterations));
        VmExit exit = default;
        for (long iteration = 0; ; iteration++)
        {
            if (iteration == maxIterations) return new VmExitInfo(VirtualCpu, exit, RunOutcome.LimitReached, iteration);
            if (stepCallback?.Invoke(VirtualCpu, iteration) == false) return new VmExitInfo(VirtualCpu, exit, RunOutcome.Stopped, iteration);
            exit = stepCallback is null ? VirtualCpu.Run(cancellationToken) : VirtualCpu.Step(cancellationToken);
            if (exit.Reason == VmExitReason.Canceled) return new VmExitInfo(VirtualCpu, exit, RunOutcome.Canceled, iteration);
            bool goesOn = exit.Reason == VmExitReason.Exception
                && ((stepCallback is not null && exit.ExceptionClass == ExceptionClass.SoftwareStepLower) || IsWaitForEvent(exit.Syndrome));
            if (!goesOn) return new VmExitInfo(VirtualCpu, exit, RunOutcome.GuestExit, iteration + 1);
        }
    }

    /// <summary>Frees the virtual machine, its memory and its virtual CPU.</summary>
    public void Dispose() => VirtualMachine.Dispose();

    // ISS.TI of a trapped WF* is 1 for WFE and 3 for WFET (Arm ARM D24.2.40).
    private static bool IsWaitForEvent(Syndrome syndrome)
        => syndrome.Class == ExceptionClass.WaitForInterruptOrEvent && (syndrome.Specific & 1) != 0;

    private static ulong RoundUp(ulong address, ulong size, ulong page) => size <= ulong.MaxValue - (page - 1)
        ? (size + (page - 1)) & ~(page - 1)
        : throw new GuestMemoryException($"Guest memory at 0x{address:x} of 0x{size:x} bytes reaches beyond {GuestMemory.MaxAddressBits}-bit guest physical addresses.", address, size);

    private void ThrowIfMisaligned(ulong offset, ulong length)
    {
        if (offset % sizeof(uint) != 0) throw new GuestMemoryException($"Instructions at offset 0x{offset:x}: instructions stand at multiples of 4 bytes.", unchecked(GuestAddress + offset), length);
    }

    private void ThrowIfOutside(ulong offset, ulong length, string verb)
    {
        if (length > MemorySize || offset > MemorySize - length)
        {
            throw new GuestMemoryException($"Cannot {verb} 0x{length:x} bytes at offset 0x{offset:x}: the memory at 0x{GuestAddress:x} has 0x{MemorySize:x} bytes.", unchecked(GuestAddress + offset), length);
        }
    }
}
