using Armillary.Emulation.Cpu;
using Armillary.Emulation.Jit.X64;

namespace Armillary.Emulation.Jit;

/// <summary>The fields of a <see cref="CpuState"/> as operands; RBX is its address.</summary>
internal static unsafe class StateFields
{
    public static readonly Mem N, Z, C, V, Attention, Tlb, StrictAlignment, StackAlignment, RetiredBias, BranchMark, Pending, MissOp, AttentionOp, HotOp, HotTarget,
        TranslatedHandler, HostFlags, Jumps;

    static StateFields()
    {
        CpuState state = default;
        byte* start = (byte*)&state;
        N = Field(&state.N);
        Z = Field(&state.Z);
        C = Field(&state.C);
        V = Field(&state.V);
        Attention = Field(&state.Attention);
        Tlb = Field(&state.Tlb);
        StrictAlignment = Field(&state.StrictAlignment);
        StackAlignment = Field(&state.StackAlignment);
        RetiredBias = Field(&state.RetiredBias);
        Pending = Field(&state.Pending);
        MissOp = Field(&state.MissOp);
        AttentionOp = Field(&state.AttentionOp);
        HostFlags = Field(&state.HostFlags);
        BranchMark = Field(&state.BranchMark);
        HotOp = Field(&state.HotOp);
        HotTarget = Field(&state.HotTarget);
        TranslatedHandler = Field(&state.TranslatedHandler);
        Jumps = Field(&state.Jumps);

        Mem Field(void* field) => new(Gpr.Rbx, (int)((byte*)field - start));
    }

    /// <summary>A general register's slot, which is the state's first part.</summary>
    public static Mem Slot(int slot) => new(Gpr.Rbx, sizeof(ulong) * slot);
}
