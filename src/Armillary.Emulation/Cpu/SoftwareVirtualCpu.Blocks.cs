using Armillary.Arm64;
using Armillary.Emulation.Cpu.Translation;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Cpu;

// Blocks of memory of any length (FEAT_MOPS), a piece within a page at a time.
internal sealed unsafe partial class SoftwareVirtualCpu
{
    // One byte of a block, and what the registers are behind it.
    private ulong _byteTo, _byteFrom, _byteValue;
    private AccessKind _byteRead, _byteWrite;
    private bool _byteIsCopied;
    private (byte Slot, ulong Value) _firstBehind, _secondBehind, _thirdBehind;

    /// <summary>True if another thread waits for the virtual CPU.</summary>
    internal bool IsWantedElsewhere => Volatile.Read(ref _state->Attention) != 0;

    /// <summary>
    /// Copies some bytes of a block to memory, at least one. The addresses are the lowest, or for a backward copy the highest ones.
    /// </summary>
    /// <param name="from">The source.</param>
    /// <param name="to">The destination.</param>
    /// <param name="size">Bytes at most; then those that were copied.</param>
    /// <param name="backward">Downwards from the addresses.</param>
    /// <param name="read">How the source is accessed.</param>
    /// <param name="write">How the destination is accessed.</param>
    /// <param name="pc">The instruction.</param>
    internal HelperOutcome CopyPiece(ulong from, ulong to, ref ulong size, bool backward, AccessKind read, AccessKind write, ulong pc)
    {
        size = Math.Min(size, Math.Min(RoomInPage(from, backward), RoomInPage(to, backward)));
        if (_watching) return HelperOutcome.MoveByte; // byte by byte, each of them looked at
        HelperOutcome outcome = Reach(from, read, pc, out byte* source, out _);
        if (outcome is not (HelperOutcome.Continue or HelperOutcome.MoveByte)) return outcome;
        HelperOutcome second = Reach(to, write, pc, out byte* target, out ulong unseen);
        if (second != HelperOutcome.Continue) return second;
        if (outcome == HelperOutcome.MoveByte) return outcome;
        ulong below = backward ? size - 1 : 0;
        Buffer.MemoryCopy(source - below, target - below, size, size);
        if (unseen != ulong.MaxValue) _machine.NoticeWrite(this, unseen - below, (int)size);
        return HelperOutcome.Continue;
    }

    /// <summary>Fills some bytes of a block of memory, at least one.</summary>
    internal HelperOutcome FillPiece(ulong to, byte value, ref ulong size, AccessKind write, ulong pc)
    {
        size = Math.Min(size, RoomInPage(to, backward: false));
        if (_watching) return HelperOutcome.MoveByte;
        HelperOutcome outcome = Reach(to, write, pc, out byte* target, out ulong unseen);
        if (outcome != HelperOutcome.Continue) return outcome;
        new Span<byte>(target, (int)size).Fill(value);
        if (unseen != ulong.MaxValue) _machine.NoticeWrite(this, unseen, (int)size);
        return HelperOutcome.Continue;
    }

    /// <summary>
    /// Before <see cref="HelperOutcome.MoveByte"/>: the byte, and three registers' values when it has been moved. What the
    /// devices of its addresses answer may end the run; the instruction then goes on where it was.
    /// </summary>
    internal void WantByte(ulong to, ulong? from, ulong value, AccessKind read, AccessKind write, (byte, ulong) first, (byte, ulong) second, (byte, ulong) third)
    {
        (_byteTo, _byteFrom, _byteValue, _byteIsCopied) = (to, from ?? 0, value, from is not null);
        (_byteRead, _byteWrite) = (read, write);
        (_firstBehind, _secondBehind, _thirdBehind) = (first, second, third);
    }

    private Op* MoveByte(Op* op)
    {
        // What earlier instructions recorded is over, unless this one is taken up again.
        if (_accessIndex >= _accessCount) _accessIndex = _accessCount = 0;
        ulong value = _byteValue;
        if (_byteIsCopied && !Load(op, _byteFrom, 1, _byteRead, out value, out Op* next)) return next;
        if (!Store(op, _byteTo, 1, _byteWrite, value, out next)) return next;
        _accessIndex = _accessCount = 0;
        _state->X[_firstBehind.Slot] = _firstBehind.Value;
        _state->X[_secondBehind.Slot] = _secondBehind.Value;
        _state->X[_thirdBehind.Slot] = _thirdBehind.Value;
        _state->Pc = op->Operands.Pc;
        return Leave(op, HelperOutcome.Again);
    }

    private static ulong RoomInPage(ulong va, bool backward)
    {
        ulong offset = va & ~CpuState.PageMask;
        return backward ? offset + 1 : CodePage.Size - offset;
    }

    // Memory behind an address. `unseen` is its guest physical address if a store there must be told of, else all ones.
    private HelperOutcome Reach(ulong va, AccessKind kind, ulong pc, out byte* host, out ulong unseen)
    {
        unseen = ulong.MaxValue;
        _accessed = true;
        bool write = (kind & AccessKind.Write) != 0;
        byte* tlb = (kind & AccessKind.Unprivileged) != 0 ? _state->UserTlb : _state->Tlb;
        TlbEntry* entry = write ? CpuState.WriteTlb(tlb, va) : CpuState.ReadTlb(tlb, va);
        if ((va & CpuState.PageMask) == entry->Tag)
        {
            host = (byte*)(va + entry->Addend);
            return HelperOutcome.Continue;
        }

        switch (Find(va, kind, out host, out Translation.Translation translation))
        {
            case Backing.Memory:
                if (write) unseen = translation.Gpa;
                return HelperOutcome.Continue;
            case Backing.Device:
                return HelperOutcome.MoveByte;
            default:
                return TakeBlockFault(va, translation, write ? WnR : 0, pc);
        }
    }

    /// <summary>Cache maintenance by address (Arm ARM D7.5.9): its faults say CM and WnR.</summary>
    internal HelperOutcome MaintainCache(ulong va, AccessKind kind, ulong pc, out ulong gpa)
    {
        const uint CM = 1 << 8;
        Translation.Translation translation = Translate(va, kind);
        gpa = translation.Gpa;
        return translation.Outcome == TranslationOutcome.Done ? HelperOutcome.Continue : TakeBlockFault(va, translation, CM | WnR, pc);
    }

    private HelperOutcome TakeBlockFault(ulong va, in Translation.Translation translation, uint flags, ulong pc)
    {
        if (translation.Outcome == TranslationOutcome.TableNotBacked)
        {
            SetTableExit(Arm64.ExceptionClass.DataAbortLower, va, translation.Gpa, flags, pc);
            return HelperOutcome.Exit;
        }

        Registers[SystemRegister.FAR_EL1] = va;
        TakeException(FromHere(Arm64.ExceptionClass.DataAbortLower), translation.Status | flags, pc);
        return HelperOutcome.Exception;
    }
}
