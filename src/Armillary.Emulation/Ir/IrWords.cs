using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Ir;

/// <summary>A 32-bit guest value of the translator: the number of an operation.</summary>
internal readonly struct I32(IrBuffer buffer, int id) : IWord<I32>
{
    public readonly IrBuffer Buffer = buffer;
    public readonly int Id = id;

    public static int Bits => 32;

    public static I32 operator +(I32 a, I32 b) => Two(IrOp.Add, a, b);
    public static I32 operator -(I32 a, I32 b) => Two(IrOp.Sub, a, b);
    public static I32 operator *(I32 a, I32 b) => Two(IrOp.Mul, a, b);
    public static I32 operator &(I32 a, I32 b) => Two(IrOp.And, a, b);
    public static I32 operator |(I32 a, I32 b) => Two(IrOp.Or, a, b);
    public static I32 operator ^(I32 a, I32 b) => Two(IrOp.Xor, a, b);
    public static I32 operator ~(I32 a) => One(IrOp.Not, a);
    public static I32 operator <<(I32 a, int amount) => By(IrOp.ShiftLeft, a, amount);
    public static I32 operator >>(I32 a, int amount) => By(IrOp.ShiftRightArithmetic, a, amount);
    public static I32 operator >>>(I32 a, int amount) => By(IrOp.ShiftRightLogical, a, amount);
    public static I32 RotateRight(I32 a, int amount) => By(IrOp.RotateRight, a, amount);
    public static I32 ShiftLeft(I32 a, I32 amount) => Two(IrOp.ShiftLeftBy, a, amount);
    public static I32 ShiftRightLogical(I32 a, I32 amount) => Two(IrOp.ShiftRightLogicalBy, a, amount);
    public static I32 ShiftRightArithmetic(I32 a, I32 amount) => Two(IrOp.ShiftRightArithmeticBy, a, amount);
    public static I32 RotateRight(I32 a, I32 amount) => Two(IrOp.RotateRightBy, a, amount);
    public static I32 DivideSigned(I32 a, I32 b) => Two(IrOp.DivideSigned, a, b);
    public static I32 DivideUnsigned(I32 a, I32 b) => Two(IrOp.DivideUnsigned, a, b);
    public static I32 MultiplyHighSigned(I32 a, I32 b) => Two(IrOp.MultiplyHighSigned, a, b);
    public static I32 MultiplyHighUnsigned(I32 a, I32 b) => Two(IrOp.MultiplyHighUnsigned, a, b);
    public static I32 CountLeadingZeros(I32 a) => One(IrOp.CountLeadingZeros, a);
    public static I32 ReverseBits(I32 a) => One(IrOp.ReverseBits, a);
    public static I32 ReverseBytes(I32 a) => One(IrOp.ReverseBytes, a);

    private static I32 One(IrOp op, I32 a) => new(a.Buffer, a.Buffer.Emit(op, IrType.I32, a: a.Id));

    private static I32 Two(IrOp op, I32 a, I32 b) => new(a.Buffer, a.Buffer.Emit(op, IrType.I32, a: a.Id, b: b.Id));

    private static I32 By(IrOp op, I32 a, int amount) => amount == 0 ? a : new(a.Buffer, a.Buffer.Emit(op, IrType.I32, a: a.Id, imm: amount));
}

/// <summary>A 64-bit guest value of the translator: the number of an operation.</summary>
internal readonly struct I64(IrBuffer buffer, int id) : IWord<I64>
{
    public readonly IrBuffer Buffer = buffer;
    public readonly int Id = id;

    public static int Bits => 64;

    public static I64 operator +(I64 a, I64 b) => Two(IrOp.Add, a, b);
    public static I64 operator -(I64 a, I64 b) => Two(IrOp.Sub, a, b);
    public static I64 operator *(I64 a, I64 b) => Two(IrOp.Mul, a, b);
    public static I64 operator &(I64 a, I64 b) => Two(IrOp.And, a, b);
    public static I64 operator |(I64 a, I64 b) => Two(IrOp.Or, a, b);
    public static I64 operator ^(I64 a, I64 b) => Two(IrOp.Xor, a, b);
    public static I64 operator ~(I64 a) => One(IrOp.Not, a);
    public static I64 operator <<(I64 a, int amount) => By(IrOp.ShiftLeft, a, amount);
    public static I64 operator >>(I64 a, int amount) => By(IrOp.ShiftRightArithmetic, a, amount);
    public static I64 operator >>>(I64 a, int amount) => By(IrOp.ShiftRightLogical, a, amount);
    public static I64 RotateRight(I64 a, int amount) => By(IrOp.RotateRight, a, amount);
    public static I64 ShiftLeft(I64 a, I64 amount) => Two(IrOp.ShiftLeftBy, a, amount);
    public static I64 ShiftRightLogical(I64 a, I64 amount) => Two(IrOp.ShiftRightLogicalBy, a, amount);
    public static I64 ShiftRightArithmetic(I64 a, I64 amount) => Two(IrOp.ShiftRightArithmeticBy, a, amount);
    public static I64 RotateRight(I64 a, I64 amount) => Two(IrOp.RotateRightBy, a, amount);
    public static I64 DivideSigned(I64 a, I64 b) => Two(IrOp.DivideSigned, a, b);
    public static I64 DivideUnsigned(I64 a, I64 b) => Two(IrOp.DivideUnsigned, a, b);
    public static I64 MultiplyHighSigned(I64 a, I64 b) => Two(IrOp.MultiplyHighSigned, a, b);
    public static I64 MultiplyHighUnsigned(I64 a, I64 b) => Two(IrOp.MultiplyHighUnsigned, a, b);
    public static I64 CountLeadingZeros(I64 a) => One(IrOp.CountLeadingZeros, a);
    public static I64 ReverseBits(I64 a) => One(IrOp.ReverseBits, a);
    public static I64 ReverseBytes(I64 a) => One(IrOp.ReverseBytes, a);

    private static I64 One(IrOp op, I64 a) => new(a.Buffer, a.Buffer.Emit(op, IrType.I64, a: a.Id));

    private static I64 Two(IrOp op, I64 a, I64 b) => new(a.Buffer, a.Buffer.Emit(op, IrType.I64, a: a.Id, b: b.Id));

    private static I64 By(IrOp op, I64 a, int amount) => amount == 0 ? a : new(a.Buffer, a.Buffer.Emit(op, IrType.I64, a: a.Id, imm: amount));
}
