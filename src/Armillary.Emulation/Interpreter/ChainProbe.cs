using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Interpreter;

/// <summary>
/// Finds out whether a handler's last call was compiled to a jump. Nothing promises that, and a hot handler that calls
/// instead would overflow the stack: so the handler runs once on a state of its own, and the next op looks how deep the
/// stack is.
/// </summary>
internal static unsafe class ChainProbe
{
    [ThreadStatic]
    private static nint t_depth;

    public static bool JumpsAtItsEnd(delegate*<CpuState*, Op*, Op*> handler, in Operands sample)
    {
        CpuState* state = CpuState.Allocate();
        byte* tables = TlbTables.Allocate();
        TlbTables.Select(state, tables, exceptionLevel: 1, pan: false, uao: false);
        var ops = (Op*)NativeMemory.AlignedAlloc(2 * (nuint)sizeof(Op), 64);
        try
        {
            // Every way out of a handler's fast path leads to the probe: the next op, the near target, a miss.
            state->MissOp = state->AttentionOp = state->ExitOp = state->HotOp = ops + 1;
            ops[0] = new Op { Handler = handler, Operands = sample };
            ops[0].Operands.Near = sizeof(Op);
            ops[1] = new Op { Handler = &Probe };
            return Depth(state, ops + 1) == Depth(state, ops);
        }
        catch (InvalidOperationException)
        {
            return false; // it calls a helper, for which the state has no virtual CPU
        }
        finally
        {
            NativeMemory.AlignedFree(ops);
            NativeMemory.AlignedFree(state);
            TlbTables.Free(tables);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static nint Depth(CpuState* state, Op* op)
    {
        op->Handler(state, op);
        return t_depth;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static Op* Probe(CpuState* state, Op* op)
    {
        byte here;
        t_depth = (nint)(&here);
        return null;
    }
}
