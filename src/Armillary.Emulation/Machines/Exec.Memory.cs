using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Machines;

// Loads and stores of general registers: a TLB comparison, or the slow path.
internal unsafe partial struct Exec<TPath>
{
    [MethodImpl(Inline)]
    public bool CheckBase(in Operands o)
    {
        if (TPath.Near) return true;
        if (o.Rn != RegisterSlots.StackPointer || (_c->X[RegisterSlots.StackPointer] & _c->StackAlignment) == 0) return true;
        if (!TPath.Slow) return Defer(_c->MissOp);
        Next = Cpu.TakeStackAlignmentFault(_op);
        return false;
    }

    [MethodImpl(Inline)]
    public bool Load<TSize, T>(X64 address, out T value) where TSize : struct, IAccess where T : struct, IWord<T>
    {
        if (TPath.Slow)
        {
            bool done = Cpu.Load(_op, address.Value, TSize.Bytes, AccessKind.Read, out ulong raw, out Next);
            value = Of<T>(Extend<TSize>(raw));
            return done;
        }

        byte* p = At(CpuState.ReadTlb(_c->Tlb, address.Value), address.Value, TSize.Bytes, TSize.Bytes);
        if (p == null)
        {
            value = default;
            return Defer(_c->MissOp);
        }

        value = Of<T>(Peek<TSize>(p));
        return true;
    }

    [MethodImpl(Inline)]
    public bool Store<TSize, T>(X64 address, T value) where TSize : struct, IAccess where T : struct, IWord<T>
    {
        if (TPath.Slow) return Cpu.Store(_op, address.Value, TSize.Bytes, AccessKind.Write, Raw(value), out Next);
        byte* p = At(CpuState.WriteTlb(_c->Tlb, address.Value), address.Value, TSize.Bytes, TSize.Bytes);
        if (p == null) return Defer(_c->MissOp);
        Poke<TSize>(p, Raw(value));
        return true;
    }

    [MethodImpl(Inline)]
    public bool LoadPair<TSize, T>(X64 address, out T first, out T second) where TSize : struct, IAccess where T : struct, IWord<T>
    {
        if (TPath.Slow)
        {
            bool done = Cpu.LoadPair(_op, address.Value, TSize.Bytes, out ulong low, out ulong high, out Next);
            first = Of<T>(Extend<TSize>(low));
            second = Of<T>(Extend<TSize>(high));
            return done;
        }

        byte* p = At(CpuState.ReadTlb(_c->Tlb, address.Value), address.Value, 2 * TSize.Bytes, TSize.Bytes);
        if (p == null)
        {
            first = second = default;
            return Defer(_c->MissOp);
        }

        // In one access, as FEAT_LSE2 wants of 16 aligned bytes.
        if (TSize.Bytes == 4)
        {
            ulong both = *(ulong*)p;
            first = Of<T>(Extend<TSize>(both));
            second = Of<T>(Extend<TSize>(both >> 32));
        }
        else
        {
            Vector128<ulong> both = Vector128.Load((ulong*)p);
            first = Of<T>(both[0]);
            second = Of<T>(both[1]);
        }

        return true;
    }

    [MethodImpl(Inline)]
    public bool StorePair<TSize, T>(X64 address, T first, T second) where TSize : struct, IAccess where T : struct, IWord<T>
    {
        if (TPath.Slow) return Cpu.StorePair(_op, address.Value, TSize.Bytes, Raw(first), Raw(second), out Next);
        byte* p = At(CpuState.WriteTlb(_c->Tlb, address.Value), address.Value, 2 * TSize.Bytes, TSize.Bytes);
        if (p == null) return Defer(_c->MissOp);
        if (TSize.Bytes == 4) *(ulong*)p = (uint)Raw(first) | (Raw(second) << 32);
        else Vector128.Create(Raw(first), Raw(second)).Store((ulong*)p);
        return true;
    }

    [MethodImpl(Inline)]
    public bool LoadUnprivileged<TSize, T>(X64 address, out T value) where TSize : struct, IAccess where T : struct, IWord<T>
    {
        if (TPath.Slow)
        {
            bool done = Cpu.Load(_op, address.Value, TSize.Bytes, AccessKind.Unprivileged, out ulong raw, out Next);
            value = Of<T>(Extend<TSize>(raw));
            return done;
        }

        byte* p = At(CpuState.ReadTlb(_c->UserTlb, address.Value), address.Value, TSize.Bytes, TSize.Bytes);
        if (p == null)
        {
            value = default;
            return Defer(_c->MissOp);
        }

        value = Of<T>(Peek<TSize>(p));
        return true;
    }

    [MethodImpl(Inline)]
    public bool StoreUnprivileged<TSize, T>(X64 address, T value) where TSize : struct, IAccess where T : struct, IWord<T>
    {
        if (TPath.Slow) return Cpu.Store(_op, address.Value, TSize.Bytes, AccessKind.Unprivileged | AccessKind.Write, Raw(value), out Next);
        byte* p = At(CpuState.WriteTlb(_c->UserTlb, address.Value), address.Value, TSize.Bytes, TSize.Bytes);
        if (p == null) return Defer(_c->MissOp);
        Poke<TSize>(p, Raw(value));
        return true;
    }

    [MethodImpl(Inline)]
    public bool LoadAcquire<TSize, T>(X64 address, out T value) where TSize : struct, IAccess where T : struct, IWord<T>
    {
        if (TPath.Slow)
        {
            bool done = Cpu.Load(_op, address.Value, TSize.Bytes, AccessKind.Ordered, out ulong raw, out Next);
            value = Of<T>(Extend<TSize>(raw));
            return done;
        }

        if ((address.Value & (uint)(TSize.Bytes - 1)) != 0 || !Load<TSize, T>(address, out value))
        {
            value = default;
            return Defer(_c->MissOp);
        }

        Volatile.ReadBarrier();
        return true;
    }

    [MethodImpl(Inline)]
    public bool StoreRelease<TSize, T>(X64 address, T value) where TSize : struct, IAccess where T : struct, IWord<T>
    {
        Interlocked.MemoryBarrier();
        if (TPath.Slow)
        {
            if (!Cpu.Store(_op, address.Value, TSize.Bytes, AccessKind.Ordered | AccessKind.Write, Raw(value), out Next)) return false;
        }
        else if ((address.Value & (uint)(TSize.Bytes - 1)) != 0 || !Store<TSize, T>(address, value))
        {
            return Defer(_c->MissOp);
        }

        // A later load-acquire must not pass it (Arm ARM B2.3.10).
        Interlocked.MemoryBarrier();
        return true;
    }

    // One comparison finds an aligned access to a page in the TLB; a second one, an unaligned access within the page. The
    // entry was chosen by the first byte's page, and never holds the page after it: so looking at the last byte is enough.
    [MethodImpl(Inline)]
    private readonly byte* At(TlbEntry* entry, ulong va, int bytes, int alignment)
    {
        if (bytes == alignment)
        {
            if ((va & (CpuState.PageMask | (uint)(alignment - 1))) == entry->Tag) return (byte*)(va + entry->Addend);
            if (((va + (uint)(bytes - 1)) & CpuState.PageMask) == (entry->Tag | _c->StrictAlignment)) return (byte*)(va + entry->Addend);
            return null;
        }

        // A pair is aligned to its element, so an element-aligned pair may still cross the page.
        ulong misaligned = va & (uint)(alignment - 1) & (0 - _c->StrictAlignment);
        return (((va + (uint)(bytes - 1)) & CpuState.PageMask) | misaligned) == entry->Tag ? (byte*)(va + entry->Addend) : null;
    }

    [MethodImpl(Inline)]
    private static ulong Peek<TSize>(byte* p) where TSize : struct, IAccess => TSize.Bytes switch
    {
        1 => TSize.Signed ? (ulong)(long)*(sbyte*)p : *p,
        2 => TSize.Signed ? (ulong)(long)*(short*)p : *(ushort*)p,
        4 => TSize.Signed ? (ulong)(long)*(int*)p : *(uint*)p,
        _ => *(ulong*)p,
    };

    [MethodImpl(Inline)]
    private static void Poke<TSize>(byte* p, ulong value) where TSize : struct, IAccess
    {
        if (TSize.Bytes == 1) *p = (byte)value;
        else if (TSize.Bytes == 2) *(ushort*)p = (ushort)value;
        else if (TSize.Bytes == 4) *(uint*)p = (uint)value;
        else *(ulong*)p = value;
    }

    private static ulong Extend<TSize>(ulong value) where TSize : struct, IAccess => TSize.Bytes switch
    {
        1 => TSize.Signed ? (ulong)(long)(sbyte)value : (byte)value,
        2 => TSize.Signed ? (ulong)(long)(short)value : (ushort)value,
        4 => TSize.Signed ? (ulong)(long)(int)value : (uint)value,
        _ => value,
    };
}
