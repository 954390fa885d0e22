using System.Runtime.CompilerServices;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Interpreter;

/// <summary>The signature of handlers, as a delegate type; only for compiling them ahead.</summary>
internal unsafe delegate Op* Handler(CpuState* c, Op* op);

/// <summary>Turns instruction bodies into handlers.</summary>
internal static unsafe class Dispatch
{
    /// <summary>Executes one instruction. Precompiled by ReadyToRun and safe at every tier.</summary>
    public static Op* Step<I, T, TPath>(CpuState* c, Op* op) where I : struct, IInstruction where T : struct, IWord<T> where TPath : struct, IPath
    {
        var m = new Exec<TPath>(c, op);
        I.Execute<Exec<TPath>, T, X64>(ref m, in Unsafe.AsRef<Operands>(&op->Operands));
        return m.Next;
    }

    /// <summary>
    /// Executes one instruction and jumps to the next one's handler. RyuJIT makes the last call a jump only when it
    /// optimises, hence the attribute; without it the stack overflows (docs/decisions/0001).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Op* Chain<I, T, TPath>(CpuState* c, Op* op) where I : struct, IInstruction where T : struct, IWord<T> where TPath : struct, IPath
    {
        var m = new Exec<TPath>(c, op);
        I.Execute<Exec<TPath>, T, X64>(ref m, in Unsafe.AsRef<Operands>(&op->Operands));
        op = m.Next;
        return op->Handler(c, op);
    }
}
