using System.Runtime.Intrinsics;
using Armillary.Arm64;
using Armillary.Emulation.Cpu.Translation;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Memory;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Cpu;

// Data accesses that the TLB does not answer: alignment, unaligned and cross-page accesses, faults.
internal sealed unsafe partial class SoftwareVirtualCpu
{
    private const uint WnR = 1 << 6; // of a data abort's syndrome
    private const ulong ControlA = 1 << 1; // SCTLR_EL1.A

    private enum Backing
    {
        /// <summary>Host memory.</summary>
        Memory,

        /// <summary>Nothing: a device's business.</summary>
        Device,

        /// <summary>Nothing that may be accessed: a fault.</summary>
        Fault,
    }

    internal bool Load(Op* op, ulong va, int size, AccessKind kind, out ulong value, out Op* next)
    {
        value = 0;
        if (!CheckAlignment(op, va, size, kind, out next)) return false;
        if (IsWithinPage(va, size))
        {
            switch (Resolve(op, va, kind, out byte* host, out ulong gpa, ref next))
            {
                case Backing.Memory:
                    value = size switch { 1 => *host, 2 => *(ushort*)host, 4 => *(uint*)host, _ => *(ulong*)host };
                    return true;
                case Backing.Fault:
                    return false;
                case Backing.Device when (va & (ulong)(size - 1)) == 0:
                    return ReadDevice(op, va, gpa, size, out value, ref next);
                default:
                    break;
            }
        }

        for (int i = 0; i < size; i++)
        {
            if (!Load(op, va + (ulong)i, 1, kind, out ulong part, out next)) return false;
            value |= part << (8 * i);
        }

        return true;
    }

    internal bool Store(Op* op, ulong va, int size, AccessKind kind, ulong value, out Op* next)
    {
        if (!CheckAlignment(op, va, size, kind, out next)) return false;
        if (IsWithinPage(va, size))
        {
            switch (Resolve(op, va, kind, out byte* host, out ulong gpa, ref next))
            {
                case Backing.Memory:
                    switch (size)
                    {
                        case 1: *host = (byte)value; break;
                        case 2: *(ushort*)host = (ushort)value; break;
                        case 4: *(uint*)host = (uint)value; break;
                        default: *(ulong*)host = value; break;
                    }

                    _machine.NoticeWrite(this, gpa, size);
                    return true;
                case Backing.Fault:
                    return false;
                case Backing.Device when (va & (ulong)(size - 1)) == 0:
                    return WriteDevice(op, va, gpa, size, value, ref next);
                default:
                    break;
            }
        }

        // Nothing is written unless every byte can be.
        if (!CanStore(op, va, size, kind, ref next)) return false;
        for (int i = 0; i < size; i++)
        {
            if (!Store(op, va + (ulong)i, 1, kind, value >> (8 * i), out next)) return false;
        }

        return true;
    }

    /// <summary>Two of 4 or 8 bytes: one access if they are within 16 aligned bytes of memory (FEAT_LSE2).</summary>
    internal bool LoadPair(Op* op, ulong va, int size, out ulong first, out ulong second, out Op* next)
    {
        second = 0;
        if (!IsWithin16(va, 2 * size)) return Load(op, va, size, AccessKind.Read, out first, out next) && Load(op, va + (ulong)size, size, AccessKind.Read, out second, out next);
        first = 0;
        if (!CheckAlignment(op, va, size, AccessKind.Read, out next) || IsWatched(op, va + (ulong)size, size, AccessKind.Read, ref next)) return false;
        switch (Resolve(op, va, AccessKind.Read, out byte* host, out _, ref next))
        {
            case Backing.Fault:
                return false;
            case Backing.Device:
                return Load(op, va, size, AccessKind.Read, out first, out next) && Load(op, va + (ulong)size, size, AccessKind.Read, out second, out next);
            case Backing.Memory when size == 4:
                ulong words = *(ulong*)host;
                (first, second) = ((uint)words, words >> 32);
                return true;
            default:
                Vector128<ulong> both = Vector128.Load((ulong*)host);
                (first, second) = (both[0], both[1]);
                return true;
        }
    }

    /// <inheritdoc cref="LoadPair"/>
    internal bool StorePair(Op* op, ulong va, int size, ulong first, ulong second, out Op* next)
    {
        ulong behind = va + (ulong)size;
        if (!CheckAlignment(op, va, size, AccessKind.Write, out next) || !CanStore(op, va, 2 * size, AccessKind.Write, ref next)) return false;
        if (IsWithin16(va, 2 * size) && !IsWatched(op, behind, size, AccessKind.Write, ref next))
        {
            Backing backing = Resolve(op, va, AccessKind.Write, out byte* host, out ulong gpa, ref next);
            if (backing == Backing.Fault) return false;
            if (backing == Backing.Memory)
            {
                if (size == 4) *(ulong*)host = (uint)first | (second << 32);
                else Vector128.Create(first, second).Store((ulong*)host);
                _machine.NoticeWrite(this, gpa, 2 * size);
                return true;
            }
        }

        return Store(op, va, size, AccessKind.Write, first, out next) && Store(op, behind, size, AccessKind.Write, second, out next);
    }

    /// <summary>A vector register of 1 to 16 bytes. Sixteen are two accesses of eight, and are aligned to sixteen.</summary>
    internal bool LoadVector(Op* op, ulong va, int size, out UInt128 value, out Op* next)
    {
        value = 0;
        if (!CheckAlignment(op, va, size, AccessKind.Read, out next)) return false;
        if (!Load(op, va, Math.Min(size, 8), AccessKind.Read, out ulong low, out next)) return false;
        ulong high = 0;
        if (size == 16 && !Load(op, va + 8, 8, AccessKind.Read, out high, out next)) return false;
        value = new UInt128(high, low);
        return true;
    }

    /// <inheritdoc cref="LoadVector"/>
    internal bool StoreVector(Op* op, ulong va, int size, UInt128 value, out Op* next)
        => CheckAlignment(op, va, size, AccessKind.Write, out next)
            && CanStore(op, va, size, AccessKind.Write, ref next)
            && Store(op, va, Math.Min(size, 8), AccessKind.Write, (ulong)value, out next)
            && (size < 16 || Store(op, va + 8, 8, AccessKind.Write, (ulong)(value >> 64), out next));

    /// <summary>A run of up to 16 bytes, whose elements are accesses of their own.</summary>
    internal bool LoadElements(Op* op, ulong va, int size, int bytes, out UInt128 value, out Op* next)
    {
        value = 0;
        next = op + 1;
        for (int at = 0; at < bytes; at += size)
        {
            if (!Load(op, va + (ulong)at, size, AccessKind.Read, out ulong element, out next)) return false;
            value |= (UInt128)element << (8 * at);
        }

        return true;
    }

    /// <inheritdoc cref="LoadElements"/>
    internal bool StoreElements(Op* op, ulong va, int size, int bytes, UInt128 value, out Op* next)
    {
        next = op + 1;
        for (int at = 0; at < bytes; at += size)
        {
            if (!Store(op, va + (ulong)at, size, AccessKind.Write, (ulong)(value >> (8 * at)), out next)) return false;
        }

        return true;
    }

    /// <summary>True if a run of elements can be stored; nothing is.</summary>
    internal bool CheckStore(Op* op, ulong va, int size, int count, out Op* next)
        => CheckAlignment(op, va, size, AccessKind.Write, out next) && CanStore(op, va, size * count, AccessKind.Write, ref next);

    private bool IsWriteAlignmentFault(ulong va, AccessKind kind)
        => (kind & AccessKind.Update) != AccessKind.Update
            ? (kind & AccessKind.Write) != 0
            : IsMmuOn && (Registers[SystemRegister.SCTLR_EL1] & ControlA) == 0 && Translate(va, AccessKind.Maintenance) is { Outcome: TranslationOutcome.Done, IsDevice: false };

    private static bool IsWithin16(ulong va, int size) => ((va ^ (va + (ulong)(size - 1))) & ~15ul) == 0;

    private static bool IsWithinPage(ulong va, int size) => ((va ^ (va + (ulong)(size - 1))) & CpuState.PageMask) == 0;

    // Arm ARM B2.5.2: device memory, which all memory is while the MMU is off, wants natural alignment.
    private bool CheckAlignment(Op* op, ulong va, int size, AccessKind kind, out Op* next)
    {
        next = op + 1;
        if ((va & (ulong)(size - 1)) == 0) return !IsWatched(op, va, size, kind, ref next);
        bool always = MustAlign(va, size, kind);
        uint status = FaultStatus.Alignment;
        if (!always)
        {
            // The memory's type is known only after translation, so its own rule comes after every fault of that.
            Translation.Translation translation = Translate(va, kind & ~AccessKind.Update);
            if (IsMmuOn && !(translation.Outcome == TranslationOutcome.Done && translation.IsDevice)) return !IsWatched(op, va, size, kind, ref next);
            if (translation.Outcome == TranslationOutcome.Fault) status = translation.Status;
        }

        next = TakeDataAbort(op, va, status, status == FaultStatus.Alignment ? IsWriteAlignmentFault(va, kind) : IsWriteFault(va, kind));
        return false;
    }

    // What is known before translation (AArch64.UnalignedAccessFaults).
    private bool MustAlign(ulong va, int size, AccessKind kind)
    {
        const ulong nAA = 1 << 6;
        ulong control = Registers[SystemRegister.SCTLR_EL1];
        if ((control & ControlA) != 0) return true;
        if ((kind & AccessKind.Ordered) == 0) return false;
        if (!Model.Has(Feature.LSE2)) return true;
        return !IsWithin16(va, size) && ((kind & AccessKind.Atomic) == AccessKind.Atomic || (control & nAA) == 0);
    }

    // WnR: of an update that could not even read, the fault is the read's.
    private bool IsWriteFault(ulong va, AccessKind kind)
        => (kind & AccessKind.Write) != 0
            && ((kind & AccessKind.Update) != AccessKind.Update || (IsMmuOn && Translate(va, (kind & ~AccessKind.Update) | AccessKind.Maintenance).Outcome == TranslationOutcome.Done));

    private bool CanStore(Op* op, ulong va, int size, AccessKind kind, ref Op* next)
        => Resolve(op, va, kind, out _, out _, ref next) != Backing.Fault
            && (IsWithinPage(va, size) || Resolve(op, (va + (ulong)(size - 1)) & CpuState.PageMask, kind, out _, out _, ref next) != Backing.Fault);

    // Finds what is behind a virtual address, and lets the fast path know if it is memory.
    private Backing Resolve(Op* op, ulong va, AccessKind kind, out byte* host, out ulong gpa, ref Op* next)
    {
        Backing backing = Find(va, kind, out host, out Translation.Translation translation);
        gpa = translation.Gpa;
        if (backing == Backing.Fault)
        {
            next = translation.Outcome == TranslationOutcome.Fault
                ? TakeDataAbort(op, va, translation.Status, IsWriteFault(va, kind))
                : ExitForTable(op, va, translation.Gpa, (kind & AccessKind.Write) != 0);
        }

        return backing;
    }

    // The same, but a fault is left to the caller.
    private Backing Find(ulong va, AccessKind kind, out byte* host, out Translation.Translation translation)
    {
        host = null;
        _accessed = true;
        bool write = (kind & AccessKind.Write) != 0;
        translation = Translate(va, kind);
        if (translation.Outcome != TranslationOutcome.Done) return Backing.Fault;
        ulong gpa = translation.Gpa;
        MemoryPermissions wanted = (kind & AccessKind.Update) == AccessKind.Update ? MemoryPermissions.ReadWrite
            : write ? MemoryPermissions.Write : MemoryPermissions.Read;
        SoftwareRegion? region = _machine.Find(gpa);
        if (region is null || (region.Permissions & wanted) != wanted) return Backing.Device;
        host = region.Host(gpa);
        if (write) region.MarkDirty(gpa);

        // Device memory is aligned always, which the fast path does not check page by page.
        if (translation.IsDevice && IsMmuOn) return Backing.Memory;
        byte* tlb = (kind & AccessKind.Unprivileged) != 0 ? _state->UserTlb : _state->Tlb;
        TlbEntry entry = new() { Tag = va & CpuState.PageMask, Addend = (ulong)host - va };
        if (translation.BlockBits != 0) _tlb.NoteBlock(va, translation.BlockBits);
        if (!write) *CpuState.ReadTlb(tlb, va) = entry;

        // An atomic reads through the entry for writing too.
        else if (translation.IsWritable && !region.HasCode(gpa) && (region.Permissions & MemoryPermissions.Read) != 0) *CpuState.WriteTlb(tlb, va) = entry;
        return Backing.Memory;
    }

    /// <summary>DC ZVA: 64 bytes of zeros, which is no cache maintenance to a syndrome (D24.2.40, CM). False if it took an exception or ended the run.</summary>
    internal bool ZeroBlock(in Operands o, ulong va)
    {
        const int Block = 64;
        ulong start = va & ~(ulong)(Block - 1);
        _accessed = true;
        Translation.Translation translation = Translate(va, AccessKind.Write);
        if (translation.Outcome == TranslationOutcome.Done)
        {
            if (translation.IsDevice)
            {
                TakeAlignmentFault(o, va, write: true);
                return false;
            }

            if (IsBlockWatched(o, start, Block)) return false;
            SoftwareRegion? region = _machine.Find(translation.Gpa);
            if (region is not null && (region.Permissions & MemoryPermissions.Write) != 0)
            {
                ulong gpa = translation.Gpa & ~(ulong)(Block - 1);
                new Span<byte>(region.Host(gpa), Block).Clear();
                region.MarkDirty(gpa);
                _machine.NoticeWrite(this, gpa, Block);
                return true;
            }

            SetExit(new VmExit
            {
                Reason = VmExitReason.Exception,
                Syndrome = Syndrome.Create(Arm64.ExceptionClass.DataAbortLower, (1u << 6) | FaultStatus.Translation1),
                VirtualAddress = start,
                PhysicalAddress = translation.Gpa,
            }, o.Pc);
            return false;
        }

        TakeBlockFault(va, translation, WnR, o.Pc);
        return false;
    }

    /// <summary>True if the run is about to end.</summary>
    internal bool HasExit => _exit != default;
}
