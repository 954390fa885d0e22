using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Cpu;

/// <summary>
/// The part of a virtual CPU that handlers and translated code touch, in unmanaged memory at fixed offsets. X must stay
/// first: register slot r is the 64-bit word at offset 8r.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CpuState
{
    public const int PageShift = 12;
    public const ulong PageMask = ~0xffful;

    public fixed ulong X[RegisterSlots.Count];

    /// <summary>Flags, each in the form that costs least to produce: N and V are bit 63, Z is "the word is zero", C is 0 or 1.</summary>
    public ulong N, Z, C, V;

    /// <summary>Not zero: something waits for the virtual CPU at its next branch. Written by any thread.</summary>
    public uint Attention;

    /// <summary>
    /// The tables of the current exception level and PSTATE.PAN, and those of unprivileged accesses (LDTR, STTR): an entry
    /// holds only for the rights under which it was made. All are in one of the <see cref="TlbTables"/>.
    /// </summary>
    public byte* Tlb, UserTlb;

    /// <summary>Predecoded code by virtual page, for the current exception level.</summary>
    public JumpEntry* Jumps;

    /// <summary>1 if unaligned accesses fault; put into TLB comparisons, so that they never match.</summary>
    public ulong StrictAlignment;

    /// <summary>15 if a base stack pointer must be aligned to 16 bytes, else 0.</summary>
    public ulong StackAlignment;

    /// <summary>
    /// Completed instructions times sizeof(Op), less the address of the op at hand. Straight-line code leaves it alone; a
    /// branch adds the distance it jumps, so counting costs one addition a branch.
    /// </summary>
    public long RetiredBias;

    /// <summary>
    /// PSTATE.BTYPE and when it holds: the low three bits are its value, the others what <see cref="RetiredBias"/> and the op's
    /// address add up to at the one instruction that it holds for, which is the next after the branch.
    /// </summary>
    public long BranchMark;

    /// <summary>Address of the next instruction; valid only outside handlers and in helpers.</summary>
    public ulong Pc;

    /// <summary>The op that <see cref="MissOp"/> or <see cref="AttentionOp"/> takes up again.</summary>
    public Op* Pending;

    /// <summary>Ops that are no instructions: take the pending op on the slow machine, look to attention, leave the loop.</summary>
    public Op* MissOp, AttentionOp, ExitOp;

    /// <summary>The op that looks whether the target of the pending branch, <see cref="HotTarget"/>, is to be translated.</summary>
    public Op* HotOp;

    /// <summary>See <see cref="HotOp"/>.</summary>
    public ulong HotTarget;

    /// <summary>The handler of ops that translated code executes.</summary>
    public delegate*<CpuState*, Op*, Op*> TranslatedHandler;

    /// <summary>NZCV while translated code runs, in its form.</summary>
    public uint HostFlags;

    /// <summary>GCHandle of the <see cref="SoftwareVirtualCpu"/>.</summary>
    public nint Self;

    /// <summary>Not zero: CPACR_EL1 traps floating point and vectors at the current exception level.</summary>
    public uint FloatingTrap;

    /// <summary>FPCR and FPSR.</summary>
    public FloatingState Floating;

    private const int VOffset = 1024, Size = 2048;

    /// <summary>V0 to V31.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte>* VectorRegister(CpuState* c, int register) => (Vector128<byte>*)((byte*)c + VOffset) + register;

    /// <summary>The entry, right or not, of pages that may be read as data without further checks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TlbEntry* ReadTlb(byte* tlb, ulong va) => (TlbEntry*)tlb + ((va >> PageShift) & (TlbTables.TlbEntries - 1));

    /// <summary>The same for pages that may be read and written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TlbEntry* WriteTlb(byte* tlb, ulong va) => (TlbEntry*)(tlb + TlbTables.TlbSize) + ((va >> PageShift) & (TlbTables.TlbEntries - 1));

    /// <summary>The same for predecoded code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static JumpEntry* Jump(CpuState* c, ulong va) => c->Jumps + ((va >> PageShift) & (TlbTables.JumpEntries - 1));

    /// <summary>The same for branches that set PSTATE.BTYPE: pages where they may land anywhere, which guarded ones are not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static JumpEntry* IndirectJump(CpuState* c, ulong va) => (JumpEntry*)((byte*)Jump(c, va) + (2 * TlbTables.JumpSize));

    /// <summary>A zeroed state, which has no tables yet.</summary>
    public static CpuState* Allocate()
    {
        Debug.Assert(sizeof(CpuState) <= VOffset, "The fields have outgrown their place before the registers.");
        var state = (CpuState*)NativeMemory.AlignedAlloc(Size, 64);
        NativeMemory.Clear(state, Size);
        return state;
    }
}

/// <summary>A page that the guest may access at <c>va + Addend</c>. An invalid entry has tag ~0, which no masked address equals.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TlbEntry
{
    public ulong Tag;
    public ulong Addend;
}

/// <summary>A virtual page whose code is predecoded.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct JumpEntry
{
    public ulong Tag;
    public Op* Ops;
}
