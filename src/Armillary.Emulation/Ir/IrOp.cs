using System.Diagnostics.CodeAnalysis;

namespace Armillary.Emulation.Ir;

/// <summary>
/// Operations of the intermediate representation. A, B and C are numbers of earlier values; R is a register slot or a size;
/// Imm is a constant. The suffix of the comment is the result: v value, f flag, - none.
/// </summary>
internal enum IrOp : byte
{
    Const,               // v  Imm
    GetX,                // v  slot R
    SetX,                // -  slot R = A
    Add, Sub, Mul, And, Or, Xor,                          // v  A, B
    Not,                 // v  A
    ShiftLeft, ShiftRightArithmetic, ShiftRightLogical, RotateRight,                              // v  A by Imm
    ShiftLeftBy, ShiftRightArithmeticBy, ShiftRightLogicalBy, RotateRightBy,                      // v  A by B modulo the width
    DivideSigned, DivideUnsigned, MultiplyHighSigned, MultiplyHighUnsigned,                       // v  A, B
    CountLeadingZeros, ReverseBits, ReverseBytes,         // v  A
    Widen, Narrow,       // v  A: 32 to 64 bits with zeros; 64 to 32
    SetFlagsOfAdd, SetFlagsOfSub, SetFlagsOfAddWithCarry, // -  A, B
    SetFlagsOfLogic,     // -  A
    AddWithCarry,        // v  A + B + C flag
    NzcvOfAdd, NzcvOfSub,// v  A, B: packed
    GetNzcv,             // v
    SetNzcv,             // -  A
    Condition,           // f  Imm
    IsZero,              // f  A
    Bit,                 // f  bit Imm of A
    LessSigned, LessUnsigned,                             // f  A, B
    FlagNot,             // f  A
    Select,              // v  A ? B : C
    Branch,              // -  to Imm
    BranchIf,            // -  if A, to Imm
    BranchTo,            // -  to A; PSTATE.BTYPE becomes Imm
    CheckStackPointer,   // -  leaves if SP is misaligned and that matters
    Load,                // v  R bytes at A (negative: sign-extends)
    Store,               // -  R bytes at A = B
    LoadUnprivileged, StoreUnprivileged, LoadAcquire, StoreRelease,
    LoadPair,            // v  two of R bytes at A; Second is the other
    StorePair,           // -  two of R bytes at A = B, C
    Second,              // v  second result of A
    LoadExclusive,       // v  R bytes at A
    LoadExclusivePair,   // v  two of R bytes
    StoreExclusive,      // v  R bytes at A = B; the status
    StoreExclusivePair,  // v  two of R bytes at A = B, C; the status
    ClearExclusive,      // -
    Atomic,              // v  R bytes at A, operand B, kind Imm; the old value
    CompareAndSwap,      // v  R bytes at A, expected B, desired C; the old value
    CompareAndSwapPair,  // v  two of R bytes at A; expected B and Second-chained operands in Pair
    Pair,                // v  A and B as one operand of CompareAndSwapPair
    CheckFloating,       // -  leaves if floating point is trapped
    LoadV, StoreV,       // V  R bytes at A (= B)
    StoreVPair,          // -  two of R bytes at A = B, C
    LoadElements, StoreElements, // V  Imm bytes of elements of R bytes at A (= B)
    CheckStores,         // -  leaves if Imm bytes of elements of R bytes at A cannot be stored
    GetV,                // V  register R
    SetV,                // -  register R = A
    Vector, Floating,    // V  function Imm of A, B, C
    LowHalf,             // V  A
    FromX,               // V  A, B
    ToX,                 // v  half R of A
    Barrier,             // -  kind Imm
    Call,                // v  helper Imm with argument A; may leave
    CallPair,            // v  helper Imm with arguments A, B; may leave
}

/// <summary>The type of a value, or of what an operation without result works on.</summary>
internal enum IrType : byte
{
    I64,
    I32,
    V128,
}

/// <summary>One operation; its number is its index.</summary>
[SuppressMessage("Performance", "CA1815:Override equals and operator equals on value types", Justification = "Internal record of a buffer.")]
internal struct IrInstruction
{
    public IrOp Op;
    public IrType Type;
    public short R;
    public int A, B, C;
    public long Imm;
}
