using System.Buffers.Binary;
using Armillary.Arm64;
using Armillary.Emulation.Cpu;
using static Armillary.Arm64.SystemRegister;

namespace Armillary.Emulation.StandIn;

/// <summary>
/// Executes single instructions in place of a native virtual CPU, with the semantics that the software engine has: it takes the
/// native one's registers, steps, and gives them back. It is of the thread that created it.
/// </summary>
internal sealed class StandInCpu : IDisposable
{
    // What an instruction's translation, access and exception read; the second list is what they may change.
    private static readonly SystemRegister[] s_read =
        [SCTLR_EL1, TCR_EL1, TTBR0_EL1, TTBR1_EL1, MAIR_EL1, CONTEXTIDR_EL1, CPACR_EL1, VBAR_EL1, MDSCR_EL1, SP_EL0, SP_EL1, ELR_EL1, SPSR_EL1, ESR_EL1, FAR_EL1, FPCR, FPSR];

    private static readonly SystemRegister[] s_written = [SP_EL0, SP_EL1, ELR_EL1, SPSR_EL1, ESR_EL1, FAR_EL1, FPSR];

    private readonly VirtualCpu _native;
    private readonly SoftwareVirtualCpu _cpu;
    private bool _inProgress; // an access of the instruction at hand has been made
    private bool _withVectors;
    private uint _foreignState;

    internal StandInCpu(VirtualCpu native, SoftwareVirtualCpu cpu)
    {
        _native = native;
        _cpu = cpu;
    }

    /// <summary>
    /// Executes the instruction at PC. The exit is <see cref="ExceptionClass.SoftwareStepLower"/> when it is done or has taken an exception to
    /// EL1; after <see cref="VmExitReason.Mmio"/> the next call goes on with the same instruction.
    /// </summary>
    /// <param name="firstDeclined">The device handler has been asked for the first access and declined it.</param>
    public VmExit Execute(bool firstDeclined = false)
    {
        Take();
        _cpu.MmioHandler = firstDeclined && _native.MmioHandler is { } handler ? new AfterFirst(handler) : _native.MmioHandler;
        _inProgress = true; // also if a device throws
        VmExit exit = _cpu.Step();
        if (exit.Reason == VmExitReason.Mmio) return exit;
        _inProgress = false;
        Give();
        return exit;
    }

    /// <summary>The value of the read that <see cref="Execute"/> ended with.</summary>
    public void CompleteMmioRead(ulong value) => _cpu.CompleteMmioRead(value);

    /// <summary>The instruction in progress, if there is one, will not be completed.</summary>
    public void Abandon()
    {
        if (!_inProgress) return;
        _inProgress = false;
        _cpu.Pc = 0;
    }

    /// <summary>Takes an exception to EL1, with PC as the return address.</summary>
    /// <param name="lower">The class; for one that differs by the level that it comes from, that of a lower level.</param>
    /// <param name="specific">ISS.</param>
    /// <param name="faultAddress">FAR_EL1, or null for an exception that leaves it.</param>
    public void TakeException(ExceptionClass lower, uint specific, ulong? faultAddress = null)
    {
        Abandon();
        Take();
        _cpu.TakeException(lower, specific, faultAddress: faultAddress);
        Give();
    }

    /// <summary>Takes an SError.</summary>
    public void TakeSystemError()
    {
        const ulong SErrorOffset = 0x180;
        TakeException(ExceptionClass.SError, 0);
        _native.Pc += SErrorOffset;
    }

    /// <summary><see cref="VirtualCpu.TryTranslate"/> with the native CPU's registers.</summary>
    public bool TryTranslate(ulong virtualAddress, MemoryPermissions access, out ulong physicalAddress)
    {
        if (!_inProgress) Take();
        return _cpu.TryTranslate(virtualAddress, out physicalAddress, access);
    }

    /// <summary>The word at PC, or null if it cannot be read.</summary>
    public uint? ReadInstruction() => ReadInstruction(_native.Pc);

    /// <summary>An instruction's word, or null if it cannot be read.</summary>
    public uint? ReadInstruction(ulong address)
    {
        Span<byte> word = stackalloc byte[sizeof(uint)];
        bool known = TryTranslate(address, MemoryPermissions.Execute, out ulong gpa) && _native.VirtualMachine.Memory.TryRead(gpa, word);
        return known ? BinaryPrimitives.ReadUInt32LittleEndian(word) : null;
    }

    /// <summary>Frees what it holds.</summary>
    public void Dispose() => _cpu.Dispose();

    /// <summary>A debug register that the hardware does not keep for the guest, such as OSLSR_EL1.</summary>
    public bool TryGetDebugRegister(SystemRegister register, out ulong value)
    {
        value = 0;
        if (register.Op0() != 2) return false;
        try
        {
            value = _cpu.GetSystemRegister(register);
            return true;
        }
        catch (SystemRegisterException)
        {
            return false;
        }
    }

    /// <summary>Writes such a register.</summary>
    public bool TrySetDebugRegister(SystemRegister register, ulong value)
    {
        if (register.Op0() != 2) return false;
        try
        {
            _cpu.SetSystemRegister(register, value);
            return true;
        }
        catch (SystemRegisterException)
        {
            return false;
        }
    }

    private void Take()
    {
        foreach (SystemRegister register in s_read) _cpu.SetSystemRegister(register, _native.GetSystemRegister(register));
        TakeWatchpoints();
        uint pstate = _native.Pstate;
        ulong pc = _native.Pc;
        if (!_inProgress)
        {
            // A fresh look at code and tables: the guest may have changed them without this CPU noticing.
            _cpu.Pstate = pstate;
            _foreignState = pstate & ~_cpu.Pstate;
            _cpu.Pc = pc;
            _cpu.FlushTlb();
            _withVectors = true;
            if (_cpu.TryTranslate(pc, out ulong gpa, MemoryPermissions.Execute))
            {
                _cpu.ForgetCode(gpa & ~3ul, sizeof(uint));
                _withVectors = MayUseVectors(gpa);
            }
        }

        // The stack pointers came by name, and PSTATE has selected one of them.
        for (int i = 0; i < 31; i++) _cpu.SetX(i, _native.GetX(i));
        for (int i = 0; _withVectors && i < 32; i++) _cpu.SetV(i, _native.GetV(i));
        _cpu.TrapDebugExceptions = _native.TrapDebugExceptions;
    }

    private void Give()
    {
        for (int i = 0; i < 31; i++) _native.SetX(i, _cpu.GetX(i));
        for (int i = 0; _withVectors && i < 32; i++) _native.SetV(i, _cpu.GetV(i));
        foreach (SystemRegister register in s_written) _native.SetSystemRegister(register, _cpu.GetSystemRegister(register));
        _native.Pstate = _cpu.Pstate | _foreignState;
        _native.Pc = _cpu.Pc;
    }

    // Watchpoints look at accesses of this CPU too, if the guest has armed any.
    private void TakeWatchpoints()
    {
        if ((_cpu.Debug.Control & DebugUnit.MDE) == 0) return;
        for (int n = 0; n < DebugUnit.Watchpoints; n++)
        {
            foreach (int op2 in (ReadOnlySpan<int>)[6, 7])
            {
                SystemRegister register = Arm64.SystemRegisters.Encode(2, 0, 0, n, op2);
                _cpu.SetSystemRegister(register, _native.GetSystemRegister(register));
            }
        }
    }

    // Loads and stores, of which bit 26 says whether the registers are vectors (Arm ARM C4.1.94).
    private bool MayUseVectors(ulong gpa)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        if (!_native.VirtualMachine.Memory.TryRead(gpa, bytes)) return true;
        uint word = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        bool isLoadOrStore = (word & (5u << 25)) == 4u << 25;
        return !isLoadOrStore || (word & (1u << 26)) != 0;
    }

    private sealed class AfterFirst(IMmioHandler handler) : IMmioHandler
    {
        private bool _asked;

        public bool Read(ulong gpa, int size, out ulong value)
        {
            value = 0;
            return IsLater() && handler.Read(gpa, size, out value);
        }

        public bool Write(ulong gpa, int size, ulong value) => IsLater() && handler.Write(gpa, size, value);

        private bool IsLater()
        {
            bool later = _asked;
            _asked = true;
            return later;
        }
    }
}
