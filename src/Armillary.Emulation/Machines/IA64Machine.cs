using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Machines;

/// <summary>
/// What an instruction body may do. The interpreter does it at once (<see cref="Exec{TNear}"/>, <see cref="Slow"/>), the
/// translator writes it down (<see cref="Ir.Translator"/>). <typeparamref name="A"/> is the 64-bit word.
/// </summary>
/// <remarks>
/// A method that returns false has ended the instruction (a fault, an exit, a retry on the slow machine): the body leaves
/// at once, having written nothing. So every memory access and helper call of a body comes before its first write; the
/// translator refuses a body that breaks this rule.
/// </remarks>
internal interface IA64Machine<A> where A : struct, IWord<A>
{
    // Registers. The decoder has turned 31 into one of RegisterSlots, so bodies know neither ZR nor SP.
    T X<T>(byte slot) where T : struct, IWord<T>;
    void SetX<T>(byte slot, T value) where T : struct, IWord<T>;
    T Imm<T>(long value) where T : struct, IWord<T>;
    A Widen<T>(T value) where T : struct, IWord<T>;      // zero-extends
    T Narrow<T>(A value) where T : struct, IWord<T>;     // truncates

    // Flags. Packed, NZCV are bits 31:28.
    void SetFlagsOfAdd<T>(T a, T b) where T : struct, IWord<T>;
    void SetFlagsOfSub<T>(T a, T b) where T : struct, IWord<T>;
    void SetFlagsOfLogic<T>(T result) where T : struct, IWord<T>;
    T AddWithCarry<T>(T a, T b) where T : struct, IWord<T>;
    void SetFlagsOfAddWithCarry<T>(T a, T b) where T : struct, IWord<T>;
    A NzcvOfAdd<T>(T a, T b) where T : struct, IWord<T>;
    A NzcvOfSub<T>(T a, T b) where T : struct, IWord<T>;
    A Nzcv();
    void SetNzcv(A packed);
    Flag Condition(int condition); // EQ to AL: the decoder makes NV, which means always too, AL (Arm ARM C1.2.4)
    Flag IsZero<T>(T value) where T : struct, IWord<T>;
    Flag Bit<T>(T value, int bit) where T : struct, IWord<T>;
    Flag LessSigned<T>(T a, T b) where T : struct, IWord<T>;
    Flag LessUnsigned<T>(T a, T b) where T : struct, IWord<T>;
    Flag Not(Flag flag);
    T Select<T>(Flag flag, T whenTrue, T whenFalse) where T : struct, IWord<T>;

    // Branches: the last thing a body does. The target of a direct branch is Operands.Imm.
    void Branch(in Operands o);
    void BranchWithLink(in Operands o);
    void BranchIf(Flag flag, in Operands o);
    void BranchTo(A target);                                // RET
    void BranchIndirect(A target, in Operands o);           // BR: sets PSTATE.BTYPE to Operands.Option, as does the next
    void BranchWithLinkTo(A target, in Operands o);         // BLR

    // Memory. Sizes are types, so that each form is one specialised piece of code. A body that uses Rn as a base first
    // lets CheckBase look whether it is a misaligned stack pointer (SCTLR_EL1.SA).
    bool CheckBase(in Operands o);
    bool Load<TSize, T>(A address, out T value) where TSize : struct, IAccess where T : struct, IWord<T>;
    bool Store<TSize, T>(A address, T value) where TSize : struct, IAccess where T : struct, IWord<T>;
    bool LoadPair<TSize, T>(A address, out T first, out T second) where TSize : struct, IAccess where T : struct, IWord<T>;
    bool StorePair<TSize, T>(A address, T first, T second) where TSize : struct, IAccess where T : struct, IWord<T>;
    bool LoadUnprivileged<TSize, T>(A address, out T value) where TSize : struct, IAccess where T : struct, IWord<T>;
    bool StoreUnprivileged<TSize, T>(A address, T value) where TSize : struct, IAccess where T : struct, IWord<T>;

    // Load-acquire and store-release: always aligned, and ordered on the host.
    bool LoadAcquire<TSize, T>(A address, out T value) where TSize : struct, IAccess where T : struct, IWord<T>;
    bool StoreRelease<TSize, T>(A address, T value) where TSize : struct, IAccess where T : struct, IWord<T>;

    // Exclusives and atomics, always aligned and as strong as the strongest ordering an instruction can ask for. The status is 0 if the store was done and 1 if not.
    bool LoadExclusive<TSize, T>(A address, out T value) where TSize : struct, IAccess where T : struct, IWord<T>;
    bool LoadExclusivePair<TSize, T>(A address, out T first, out T second) where TSize : struct, IAccess where T : struct, IWord<T>;
    bool StoreExclusive<TSize, T>(A address, T value, out A status) where TSize : struct, IAccess where T : struct, IWord<T>;
    bool StoreExclusivePair<TSize, T>(A address, T first, T second, out A status) where TSize : struct, IAccess where T : struct, IWord<T>;
    void ClearExclusive();
    bool Atomic<TOperation, TSize, T>(A address, T operand, out T old) where TOperation : struct, IAtomicOperation where TSize : struct, IAccess where T : struct, IWord<T>;
    bool CompareAndSwap<TSize, T>(A address, T expected, T desired, out T old) where TSize : struct, IAccess where T : struct, IWord<T>;
    bool CompareAndSwapPair<TSize, T>(A address, T expectedFirst, T expectedSecond, T first, T second, out T oldFirst, out T oldSecond) where TSize : struct, IAccess where T : struct, IWord<T>;
    void Barrier(BarrierKind kind);

    // Vectors. A body that touches V registers or FPCR first lets CheckFloating look whether CPACR_EL1 allows it. In rows of
    // vectors, the width letter is Q: T is the 64-bit word for a 128-bit operation.
    bool CheckFloating(in Operands o);
    V128 V(int register);
    void SetV(int register, V128 value);
    V128 Vector<TOperation>(in Operands o, V128 n, V128 m, V128 d) where TOperation : struct, IVectorOperation;
    V128 Floating<TOperation>(in Operands o, V128 n, V128 m, V128 d) where TOperation : struct, IFloatingOperation;
    V128 LowHalf(V128 value);                   // clears bits 127:64
    V128 FromX(A low, A high);
    A ToX(V128 value, int half);                // 0: bits 63:0, 1: bits 127:64
    bool LoadV<TSize>(A address, out V128 value) where TSize : struct, IVectorAccess;
    bool StoreV<TSize>(A address, V128 value) where TSize : struct, IVectorAccess;
    bool StoreVPair<TSize>(A address, V128 first, V128 second) where TSize : struct, IVectorAccess; // none is stored unless both can be

    // Structures: a run of 1 to 16 bytes of elements, which are what alignment is about. CheckStores looks at a run of up to 64;
    // a body that stores several registers calls it first, so that none is stored unless all can be.
    bool LoadElements<TElement>(A address, int bytes, out V128 value) where TElement : struct, IVectorAccess;
    bool StoreElements<TElement>(A address, int bytes, V128 value) where TElement : struct, IVectorAccess;
    bool CheckStores<TElement>(A address, int bytes) where TElement : struct, IVectorAccess;

    // What has no good IR operation: one static method, called by every engine.
    bool Call<THelper>(in Operands o, A argument, out A result) where THelper : struct, IHelper;
    bool CallPair<THelper>(in Operands o, A first, A second, out A result) where THelper : struct, IPairHelper;
}

/// <summary>The width and sign of a memory access.</summary>
internal interface IAccess
{
    static abstract int Bytes { get; }

    static abstract bool Signed { get; }
}

internal readonly struct U8 : IAccess, IVectorAccess
{
    public static int Bytes => 1;

    public static bool Signed => false;
}

internal readonly struct U16 : IAccess, IVectorAccess
{
    public static int Bytes => 2;

    public static bool Signed => false;
}

internal readonly struct U32 : IAccess, IVectorAccess
{
    public static int Bytes => 4;

    public static bool Signed => false;
}

internal readonly struct U64 : IAccess, IVectorAccess
{
    public static int Bytes => 8;

    public static bool Signed => false;
}

internal readonly struct U128 : IVectorAccess
{
    public static int Bytes => 16;
}

internal readonly struct S8 : IAccess
{
    public static int Bytes => 1;

    public static bool Signed => true;
}

internal readonly struct S16 : IAccess
{
    public static int Bytes => 2;

    public static bool Signed => true;
}

internal readonly struct S32 : IAccess
{
    public static int Bytes => 4;

    public static bool Signed => true;
}

/// <summary>The width of a load or store of one vector register; the bytes above are zero.</summary>
internal interface IVectorAccess
{
    static abstract int Bytes { get; }
}

/// <summary>What a barrier orders; the host's own barrier is at least as strong.</summary>
internal enum BarrierKind
{
    /// <summary>Earlier loads before later accesses.</summary>
    Load,

    /// <summary>Everything before everything.</summary>
    Full,
}

/// <summary>The read-modify-write of an LSE atomic (Arm ARM C6.2, LDADD to SWP).</summary>
internal enum AtomicKind
{
    Add,
    Clear,
    Xor,
    Set,
    MaxSigned,
    MinSigned,
    MaxUnsigned,
    MinUnsigned,
    Swap,
}

internal interface IAtomicOperation
{
    static abstract AtomicKind Kind { get; }
}
