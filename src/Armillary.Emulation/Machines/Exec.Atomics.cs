using System.Runtime.CompilerServices;
using Armillary.Emulation.Cpu;

namespace Armillary.Emulation.Machines;

// Exclusives, atomics and barriers.
internal unsafe partial struct Exec<TPath>
{
    public bool LoadExclusive<TSize, T>(X64 address, out T value) where TSize : struct, IAccess where T : struct, IWord<T>
    {
        value = default;
        if (!TPath.Slow) return Defer(_c->MissOp);
        bool done = Cpu.LoadExclusive(_op, address.Value, TSize.Bytes, out UInt128 raw, out Next);
        value = Of<T>((ulong)raw);
        return done;
    }

    public bool LoadExclusivePair<TSize, T>(X64 address, out T first, out T second) where TSize : struct, IAccess where T : struct, IWord<T>
    {
        first = second = default;
        if (!TPath.Slow) return Defer(_c->MissOp);
        bool done = Cpu.LoadExclusive(_op, address.Value, 2 * TSize.Bytes, out UInt128 raw, out Next);
        (first, second) = Halves<TSize, T>(raw);
        return done;
    }

    public bool StoreExclusive<TSize, T>(X64 address, T value, out X64 status) where TSize : struct, IAccess where T : struct, IWord<T>
    {
        status = default;
        return TPath.Slow ? Cpu.StoreExclusive(_op, address.Value, TSize.Bytes, Raw(value), out status, out Next) : Defer(_c->MissOp);
    }

    public bool StoreExclusivePair<TSize, T>(X64 address, T first, T second, out X64 status) where TSize : struct, IAccess where T : struct, IWord<T>
    {
        status = default;
        return TPath.Slow ? Cpu.StoreExclusive(_op, address.Value, 2 * TSize.Bytes, Join<TSize, T>(first, second), out status, out Next) : Defer(_c->MissOp);
    }

    public void ClearExclusive() => Cpu.ClearExclusive();

    public bool Atomic<TOperation, TSize, T>(X64 address, T operand, out T old) where TOperation : struct, IAtomicOperation where TSize : struct, IAccess where T : struct, IWord<T>
    {
        if (!TPath.Slow)
        {
            byte* p = (address.Value & (uint)(TSize.Bytes - 1)) == 0 ? At(CpuState.WriteTlb(_c->Tlb, address.Value), address.Value, TSize.Bytes, TSize.Bytes) : null;
            old = default;
            if (p == null) return Defer(_c->MissOp);
            old = Of<T>(HostAtomics.Update(p, TSize.Bytes, TOperation.Kind, Raw(operand)));
            return true;
        }

        bool done = Cpu.Atomic(_op, address.Value, TSize.Bytes, TOperation.Kind, Raw(operand), out ulong raw, out Next);
        old = Of<T>(raw);
        return done;
    }

    public bool CompareAndSwap<TSize, T>(X64 address, T expected, T desired, out T old) where TSize : struct, IAccess where T : struct, IWord<T>
    {
        if (!TPath.Slow)
        {
            byte* p = (address.Value & (uint)(TSize.Bytes - 1)) == 0 ? At(CpuState.WriteTlb(_c->Tlb, address.Value), address.Value, TSize.Bytes, TSize.Bytes) : null;
            old = default;
            if (p == null) return Defer(_c->MissOp);
            old = Of<T>(HostAtomics.CompareExchange(p, TSize.Bytes, Extend<TSize>(Raw(expected)), Raw(desired)));
            return true;
        }

        bool done = Cpu.CompareAndSwap(_op, address.Value, TSize.Bytes, Extend<TSize>(Raw(expected)), Raw(desired), out UInt128 raw, out Next);
        old = Of<T>((ulong)raw);
        return done;
    }

    public bool CompareAndSwapPair<TSize, T>(X64 address, T expectedFirst, T expectedSecond, T first, T second, out T oldFirst, out T oldSecond)
        where TSize : struct, IAccess where T : struct, IWord<T>
    {
        oldFirst = oldSecond = default;
        if (!TPath.Slow) return Defer(_c->MissOp);
        bool done = Cpu.CompareAndSwap(_op, address.Value, 2 * TSize.Bytes, Join<TSize, T>(expectedFirst, expectedSecond), Join<TSize, T>(first, second), out UInt128 raw, out Next);
        (oldFirst, oldSecond) = Halves<TSize, T>(raw);
        return done;
    }

    [MethodImpl(Inline)]
    public void Barrier(BarrierKind kind)
    {
        if (kind == BarrierKind.Full) Interlocked.MemoryBarrier();
        else Volatile.ReadBarrier();
    }

    // The register named first is at the lower address (little-endian).
    private static (T First, T Second) Halves<TSize, T>(UInt128 raw) where TSize : struct, IAccess
        => TSize.Bytes == 4 ? (Of<T>((uint)raw), Of<T>((ulong)raw >> 32)) : (Of<T>((ulong)raw), Of<T>((ulong)(raw >> 64)));

    private static UInt128 Join<TSize, T>(T first, T second) where TSize : struct, IAccess
        => TSize.Bytes == 4 ? (uint)Raw(first) | (Raw(second) << 32) : new UInt128(Raw(second), Raw(first));
}
