using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Machines;

// Vector registers and what is done with them.
internal unsafe partial struct Exec<TPath>
{
    [MethodImpl(Inline)]
    public bool CheckFloating(in Operands o)
    {
        if (_c->FloatingTrap == 0) return true;
        if (!TPath.Slow) return Defer(_c->MissOp);
        Next = Cpu.TakeFloatingTrap(_op);
        return false;
    }

    [MethodImpl(Inline)] public V128 V(int register) => new(*CpuState.VectorRegister(_c, register));
    [MethodImpl(Inline)] public void SetV(int register, V128 value) => *CpuState.VectorRegister(_c, register) = value.Raw;

    [MethodImpl(Inline)]
    public V128 Vector<TOperation>(in Operands o, V128 n, V128 m, V128 d) where TOperation : struct, IVectorOperation
        => new(TOperation.Apply(n.Raw, m.Raw, d.Raw, o));

    [MethodImpl(Inline)]
    public V128 Floating<TOperation>(in Operands o, V128 n, V128 m, V128 d) where TOperation : struct, IFloatingOperation
        => new(TOperation.Apply(ref _c->Floating, n.Raw, m.Raw, d.Raw, o));

    [MethodImpl(Inline)] public V128 LowHalf(V128 value) => new(Vector128.CreateScalar(value.Raw.AsUInt64().ToScalar()).AsByte());
    [MethodImpl(Inline)] public V128 FromX(X64 low, X64 high) => new(Vector128.Create(low.Value, high.Value).AsByte());
    [MethodImpl(Inline)] public X64 ToX(V128 value, int half) => new(value.Raw.AsUInt64().GetElement(half));

    [MethodImpl(Inline)]
    public bool LoadV<TSize>(X64 address, out V128 value) where TSize : struct, IVectorAccess
    {
        if (TPath.Slow)
        {
            bool done = Cpu.LoadVector(_op, address.Value, TSize.Bytes, out UInt128 raw, out Next);
            value = new(Vector128.Create((ulong)raw, (ulong)(raw >> 64)).AsByte());
            return done;
        }

        byte* p = At(CpuState.ReadTlb(_c->Tlb, address.Value), address.Value, TSize.Bytes, TSize.Bytes);
        if (p == null)
        {
            value = default;
            return Defer(_c->MissOp);
        }

        value = new(TSize.Bytes switch
        {
            1 => Vector128.CreateScalar(*p),
            2 => Vector128.CreateScalar(*(ushort*)p).AsByte(),
            4 => Vector128.CreateScalar(*(uint*)p).AsByte(),
            8 => Vector128.CreateScalar(*(ulong*)p).AsByte(),
            _ => *(Vector128<byte>*)p,
        });
        return true;
    }

    [MethodImpl(Inline)]
    public bool StoreV<TSize>(X64 address, V128 value) where TSize : struct, IVectorAccess
    {
        if (TPath.Slow) return Cpu.StoreVector(_op, address.Value, TSize.Bytes, new UInt128(value.Raw.AsUInt64()[1], value.Raw.AsUInt64()[0]), out Next);
        byte* p = At(CpuState.WriteTlb(_c->Tlb, address.Value), address.Value, TSize.Bytes, TSize.Bytes);
        if (p == null) return Defer(_c->MissOp);
        PokeV<TSize>(p, value);
        return true;
    }

    [MethodImpl(Inline)]
    public bool StoreVPair<TSize>(X64 address, V128 first, V128 second) where TSize : struct, IVectorAccess
    {
        if (TPath.Slow)
        {
            return Cpu.CheckStore(_op, address.Value, TSize.Bytes, 2, out Next)
                && StoreV<TSize>(address, first)
                && StoreV<TSize>(new(address.Value + (ulong)TSize.Bytes), second);
        }

        byte* p = At(CpuState.WriteTlb(_c->Tlb, address.Value), address.Value, 2 * TSize.Bytes, TSize.Bytes);
        if (p == null) return Defer(_c->MissOp);
        PokeV<TSize>(p, first);
        PokeV<TSize>(p + TSize.Bytes, second);
        return true;
    }

    [MethodImpl(Inline)]
    public bool LoadElements<TElement>(X64 address, int bytes, out V128 value) where TElement : struct, IVectorAccess
    {
        if (TPath.Slow)
        {
            bool done = Cpu.LoadElements(_op, address.Value, TElement.Bytes, bytes, out UInt128 raw, out Next);
            value = new(Vector128.Create((ulong)raw, (ulong)(raw >> 64)).AsByte());
            return done;
        }

        byte* p = At(CpuState.ReadTlb(_c->Tlb, address.Value), address.Value, bytes, TElement.Bytes);
        if (p == null)
        {
            value = default;
            return Defer(_c->MissOp);
        }

        value = bytes == 16 ? new(*(Vector128<byte>*)p) : new(Vector128.CreateScalar(*(ulong*)p).AsByte());
        return true;
    }

    [MethodImpl(Inline)]
    public bool StoreElements<TElement>(X64 address, int bytes, V128 value) where TElement : struct, IVectorAccess
    {
        if (TPath.Slow) return Cpu.StoreElements(_op, address.Value, TElement.Bytes, bytes, new UInt128(value.Raw.AsUInt64()[1], value.Raw.AsUInt64()[0]), out Next);
        byte* p = At(CpuState.WriteTlb(_c->Tlb, address.Value), address.Value, bytes, TElement.Bytes);
        if (p == null) return Defer(_c->MissOp);
        if (bytes == 16) *(Vector128<byte>*)p = value.Raw;
        else *(ulong*)p = value.Raw.AsUInt64().ToScalar();
        return true;
    }

    // On the fast path the whole run is in one page, so that none of the stores behind this can miss.
    [MethodImpl(Inline)]
    public bool CheckStores<TElement>(X64 address, int bytes) where TElement : struct, IVectorAccess
    {
        if (TPath.Slow) return Cpu.CheckStore(_op, address.Value, TElement.Bytes, bytes / TElement.Bytes, out Next);
        return At(CpuState.WriteTlb(_c->Tlb, address.Value), address.Value, bytes, TElement.Bytes) != null || Defer(_c->MissOp);
    }

    [MethodImpl(Inline)]
    private static void PokeV<TSize>(byte* p, V128 value) where TSize : struct, IVectorAccess
    {
        if (TSize.Bytes == 1) *p = value.Raw.ToScalar();
        else if (TSize.Bytes == 2) *(ushort*)p = value.Raw.AsUInt16().ToScalar();
        else if (TSize.Bytes == 4) *(uint*)p = value.Raw.AsUInt32().ToScalar();
        else if (TSize.Bytes == 8) *(ulong*)p = value.Raw.AsUInt64().ToScalar();
        else *(Vector128<byte>*)p = value.Raw;
    }
}
