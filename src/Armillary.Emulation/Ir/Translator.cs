using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Ir;

/// <summary>The machine that writes an instruction down as IR.</summary>
internal readonly struct Translator(IrBuffer buffer) : IA64Machine<I64>
{
    private readonly IrBuffer _b = buffer;

    public T X<T>(byte slot) where T : struct, IWord<T> => slot == RegisterSlots.Zero ? Imm<T>(0) : Of<T>(_b.Emit(IrOp.GetX, Type<T>(), slot));

    public void SetX<T>(byte slot, T value) where T : struct, IWord<T>
    {
        if (slot == RegisterSlots.Zero) throw new TranslationException("Slot 31 reads as zero and is never written: the pattern's letter must be a destination.");
        if (slot != RegisterSlots.Discard) _b.Write(_b.Emit(IrOp.SetX, Type<T>(), slot, Id(value)));
    }

    public T Imm<T>(long value) where T : struct, IWord<T> => Of<T>(_b.Emit(IrOp.Const, Type<T>(), imm: value));

    public I64 Widen<T>(T value) where T : struct, IWord<T> => typeof(T) == typeof(I64) ? new(_b, Id(value)) : new(_b, _b.Emit(IrOp.Widen, IrType.I64, a: Id(value)));

    public T Narrow<T>(I64 value) where T : struct, IWord<T> => typeof(T) == typeof(I64) ? Of<T>(value.Id) : Of<T>(_b.Emit(IrOp.Narrow, IrType.I32, a: value.Id));

    public void SetFlagsOfAdd<T>(T a, T b) where T : struct, IWord<T> => SetFlags(IrOp.SetFlagsOfAdd, a, b);

    public void SetFlagsOfSub<T>(T a, T b) where T : struct, IWord<T> => SetFlags(IrOp.SetFlagsOfSub, a, b);

    public void SetFlagsOfLogic<T>(T result) where T : struct, IWord<T> => SetFlags(IrOp.SetFlagsOfLogic, result, result);

    public T AddWithCarry<T>(T a, T b) where T : struct, IWord<T> => Of<T>(_b.Emit(IrOp.AddWithCarry, Type<T>(), a: Id(a), b: Id(b)));

    public void SetFlagsOfAddWithCarry<T>(T a, T b) where T : struct, IWord<T> => SetFlags(IrOp.SetFlagsOfAddWithCarry, a, b);

    public I64 NzcvOfAdd<T>(T a, T b) where T : struct, IWord<T> => new(_b, _b.Emit(IrOp.NzcvOfAdd, Type<T>(), a: Id(a), b: Id(b)));

    public I64 NzcvOfSub<T>(T a, T b) where T : struct, IWord<T> => new(_b, _b.Emit(IrOp.NzcvOfSub, Type<T>(), a: Id(a), b: Id(b)));

    public I64 Nzcv() => new(_b, _b.Emit(IrOp.GetNzcv, IrType.I64));

    public void SetNzcv(I64 packed) => _b.Write(_b.Emit(IrOp.SetNzcv, IrType.I64, a: packed.Id));

    public Flag Condition(int condition) => new(_b.Emit(IrOp.Condition, IrType.I64, imm: condition));

    public Flag IsZero<T>(T value) where T : struct, IWord<T> => new(_b.Emit(IrOp.IsZero, Type<T>(), a: Id(value)));

    public Flag Bit<T>(T value, int bit) where T : struct, IWord<T> => new(_b.Emit(IrOp.Bit, Type<T>(), a: Id(value), imm: bit));

    public Flag LessSigned<T>(T a, T b) where T : struct, IWord<T> => new(_b.Emit(IrOp.LessSigned, Type<T>(), a: Id(a), b: Id(b)));

    public Flag LessUnsigned<T>(T a, T b) where T : struct, IWord<T> => new(_b.Emit(IrOp.LessUnsigned, Type<T>(), a: Id(a), b: Id(b)));

    public Flag Not(Flag flag) => new(_b.Emit(IrOp.FlagNot, IrType.I64, a: flag.Raw));

    public T Select<T>(Flag flag, T whenTrue, T whenFalse) where T : struct, IWord<T> => Of<T>(_b.Emit(IrOp.Select, Type<T>(), a: flag.Raw, b: Id(whenTrue), c: Id(whenFalse)));

    public void Branch(in Operands o) => _b.Emit(IrOp.Branch, IrType.I64, imm: o.Imm);

    public void BranchWithLink(in Operands o)
    {
        SetX(RegisterSlots.Link, Imm<I64>((long)o.Pc + 4));
        Branch(o);
    }

    public void BranchIf(Flag flag, in Operands o) => _b.Emit(IrOp.BranchIf, IrType.I64, a: flag.Raw, imm: o.Imm);

    public void BranchTo(I64 target) => _b.Emit(IrOp.BranchTo, IrType.I64, a: target.Id);

    public void BranchIndirect(I64 target, in Operands o) => _b.Emit(IrOp.BranchTo, IrType.I64, a: target.Id, imm: o.Option);

    public void BranchWithLinkTo(I64 target, in Operands o)
    {
        SetX(RegisterSlots.Link, Imm<I64>((long)o.Pc + 4));
        BranchIndirect(target, o);
    }

    public bool CheckBase(in Operands o)
    {
        if (o.Rn == RegisterSlots.StackPointer) _b.MayLeave(_b.Emit(IrOp.CheckStackPointer, IrType.I64));
        return true;
    }

    public bool Load<TSize, T>(I64 address, out T value) where TSize : struct, IAccess where T : struct, IWord<T> => LoadAs<TSize, T>(IrOp.Load, address, out value);

    public bool Store<TSize, T>(I64 address, T value) where TSize : struct, IAccess where T : struct, IWord<T> => Access(IrOp.Store, Type<T>(), Size<TSize>(), address, Id(value)) >= 0;

    public bool LoadPair<TSize, T>(I64 address, out T first, out T second) where TSize : struct, IAccess where T : struct, IWord<T> => LoadTwo<TSize, T>(IrOp.LoadPair, address, 0, 0, out first, out second);

    public bool StorePair<TSize, T>(I64 address, T first, T second) where TSize : struct, IAccess where T : struct, IWord<T> => Access(IrOp.StorePair, Type<T>(), Size<TSize>(), address, Id(first), Id(second)) >= 0;

    public bool LoadUnprivileged<TSize, T>(I64 address, out T value) where TSize : struct, IAccess where T : struct, IWord<T> => LoadAs<TSize, T>(IrOp.LoadUnprivileged, address, out value);

    public bool StoreUnprivileged<TSize, T>(I64 address, T value) where TSize : struct, IAccess where T : struct, IWord<T> => Access(IrOp.StoreUnprivileged, Type<T>(), Size<TSize>(), address, Id(value)) >= 0;

    public bool LoadAcquire<TSize, T>(I64 address, out T value) where TSize : struct, IAccess where T : struct, IWord<T> => LoadAs<TSize, T>(IrOp.LoadAcquire, address, out value);

    public bool StoreRelease<TSize, T>(I64 address, T value) where TSize : struct, IAccess where T : struct, IWord<T> => Access(IrOp.StoreRelease, Type<T>(), Size<TSize>(), address, Id(value)) >= 0;

    public bool LoadExclusive<TSize, T>(I64 address, out T value) where TSize : struct, IAccess where T : struct, IWord<T> => LoadAs<TSize, T>(IrOp.LoadExclusive, address, out value);

    public bool LoadExclusivePair<TSize, T>(I64 address, out T first, out T second) where TSize : struct, IAccess where T : struct, IWord<T> => LoadTwo<TSize, T>(IrOp.LoadExclusivePair, address, 0, 0, out first, out second);

    public bool StoreExclusive<TSize, T>(I64 address, T value, out I64 status) where TSize : struct, IAccess where T : struct, IWord<T>
    {
        status = new(_b, Access(IrOp.StoreExclusive, Type<T>(), Size<TSize>(), address, Id(value)));
        return true;
    }

    public bool StoreExclusivePair<TSize, T>(I64 address, T first, T second, out I64 status) where TSize : struct, IAccess where T : struct, IWord<T>
    {
        status = new(_b, Access(IrOp.StoreExclusivePair, Type<T>(), Size<TSize>(), address, Id(first), Id(second)));
        return true;
    }

    public void ClearExclusive() => _b.Emit(IrOp.ClearExclusive, IrType.I64);

    public bool Atomic<TOperation, TSize, T>(I64 address, T operand, out T old) where TOperation : struct, IAtomicOperation where TSize : struct, IAccess where T : struct, IWord<T>
    {
        old = Of<T>(Access(IrOp.Atomic, Type<T>(), Size<TSize>(), address, Id(operand), imm: (long)TOperation.Kind));
        return true;
    }

    public bool CompareAndSwap<TSize, T>(I64 address, T expected, T desired, out T old) where TSize : struct, IAccess where T : struct, IWord<T>
    {
        old = Of<T>(Access(IrOp.CompareAndSwap, Type<T>(), Size<TSize>(), address, Id(expected), Id(desired)));
        return true;
    }

    public bool CompareAndSwapPair<TSize, T>(I64 address, T expectedFirst, T expectedSecond, T first, T second, out T oldFirst, out T oldSecond)
        where TSize : struct, IAccess where T : struct, IWord<T>
    {
        int expected = _b.Emit(IrOp.Pair, Type<T>(), a: Id(expectedFirst), b: Id(expectedSecond));
        int desired = _b.Emit(IrOp.Pair, Type<T>(), a: Id(first), b: Id(second));
        return LoadTwo<TSize, T>(IrOp.CompareAndSwapPair, address, expected, desired, out oldFirst, out oldSecond);
    }

    public void Barrier(BarrierKind kind) => _b.Emit(IrOp.Barrier, IrType.I64, imm: (long)kind);

    public bool CheckFloating(in Operands o) => _b.MayLeave(_b.Emit(IrOp.CheckFloating, IrType.I64)) >= 0;

    public V128 V(int register) => OfV(_b.Emit(IrOp.GetV, IrType.V128, register));

    public void SetV(int register, V128 value) => _b.Write(_b.Emit(IrOp.SetV, IrType.V128, register, IdV(value)));

    public V128 Vector<TOperation>(in Operands o, V128 n, V128 m, V128 d) where TOperation : struct, IVectorOperation
    {
        int id = _b.Emit(IrOp.Vector, IrType.V128, a: IdV(n), b: IdV(m), c: IdV(d), imm: _b.Vectors.Count);
        _b.Vectors.Add((TOperation.Apply, o));
        return OfV(id);
    }

    public V128 Floating<TOperation>(in Operands o, V128 n, V128 m, V128 d) where TOperation : struct, IFloatingOperation
    {
        // It may set flags of FPSR, and that is a write.
        int id = _b.Write(_b.Emit(IrOp.Floating, IrType.V128, a: IdV(n), b: IdV(m), c: IdV(d), imm: _b.Floatings.Count));
        _b.Floatings.Add((TOperation.Apply, o));
        return OfV(id);
    }

    public V128 LowHalf(V128 value) => OfV(_b.Emit(IrOp.LowHalf, IrType.V128, a: IdV(value)));

    public V128 FromX(I64 low, I64 high) => OfV(_b.Emit(IrOp.FromX, IrType.V128, a: low.Id, b: high.Id));

    public I64 ToX(V128 value, int half) => new(_b, _b.Emit(IrOp.ToX, IrType.I64, half, IdV(value)));

    public bool LoadV<TSize>(I64 address, out V128 value) where TSize : struct, IVectorAccess
    {
        value = OfV(Access(IrOp.LoadV, IrType.V128, TSize.Bytes, address, 0));
        return true;
    }

    public bool StoreV<TSize>(I64 address, V128 value) where TSize : struct, IVectorAccess => Access(IrOp.StoreV, IrType.V128, TSize.Bytes, address, IdV(value)) >= 0;

    public bool StoreVPair<TSize>(I64 address, V128 first, V128 second) where TSize : struct, IVectorAccess
        => Access(IrOp.StoreVPair, IrType.V128, TSize.Bytes, address, IdV(first), IdV(second)) >= 0;

    public bool LoadElements<TElement>(I64 address, int bytes, out V128 value) where TElement : struct, IVectorAccess
    {
        value = OfV(Access(IrOp.LoadElements, IrType.V128, TElement.Bytes, address, 0, imm: bytes));
        return true;
    }

    public bool StoreElements<TElement>(I64 address, int bytes, V128 value) where TElement : struct, IVectorAccess
        => Access(IrOp.StoreElements, IrType.V128, TElement.Bytes, address, IdV(value), imm: bytes) >= 0;

    public bool CheckStores<TElement>(I64 address, int bytes) where TElement : struct, IVectorAccess
        => Access(IrOp.CheckStores, IrType.V128, TElement.Bytes, address, 0, imm: bytes) >= 0;

    public bool Call<THelper>(in Operands o, I64 argument, out I64 result) where THelper : struct, IHelper
    {
        result = new(_b, _b.MayLeave(_b.Emit(IrOp.Call, IrType.I64, a: argument.Id, imm: _b.Calls.Count)));
        _b.Calls.Add((THelper.Invoke, o));
        return true;
    }

    public bool CallPair<THelper>(in Operands o, I64 first, I64 second, out I64 result) where THelper : struct, IPairHelper
    {
        result = new(_b, _b.MayLeave(_b.Emit(IrOp.CallPair, IrType.I64, a: first.Id, b: second.Id, imm: _b.PairCalls.Count)));
        _b.PairCalls.Add((THelper.Invoke, o));
        return true;
    }

    private static V128 OfV(int id) => new(Vector128.CreateScalar(id).AsByte());

    private static int IdV(V128 value) => value.Raw.AsInt32().ToScalar();

    private static IrType Type<T>() => typeof(T) == typeof(I32) ? IrType.I32 : IrType.I64;

    private static int Size<TSize>() where TSize : struct, IAccess => TSize.Signed ? -TSize.Bytes : TSize.Bytes;

    private static int Id<T>(T value) => typeof(T) == typeof(I32) ? Unsafe.As<T, I32>(ref value).Id : Unsafe.As<T, I64>(ref value).Id;

    private T Of<T>(int id)
    {
        if (typeof(T) == typeof(I32))
        {
            var narrow = new I32(_b, id);
            return Unsafe.As<I32, T>(ref narrow);
        }

        var wide = new I64(_b, id);
        return Unsafe.As<I64, T>(ref wide);
    }

    private void SetFlags<T>(IrOp op, T a, T b) => _b.Write(_b.Emit(op, Type<T>(), a: Id(a), b: Id(b)));

    private int Access(IrOp op, IrType type, int size, I64 address, int b, int c = 0, long imm = 0) => _b.MayLeave(_b.Emit(op, type, size, address.Id, b, c, imm));

    private bool LoadAs<TSize, T>(IrOp op, I64 address, out T value) where TSize : struct, IAccess
    {
        value = Of<T>(Access(op, Type<T>(), Size<TSize>(), address, 0));
        return true;
    }

    private bool LoadTwo<TSize, T>(IrOp op, I64 address, int b, int c, out T first, out T second) where TSize : struct, IAccess
    {
        int pair = Access(op, Type<T>(), Size<TSize>(), address, b, c);
        first = Of<T>(pair);
        second = Of<T>(_b.Emit(IrOp.Second, Type<T>(), a: pair));
        return true;
    }
}
