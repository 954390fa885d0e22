using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Machines;

/// <summary>
/// The meaning of an instruction, written once. Implement it explicitly: the constraints are then inherited and no
/// <c>where</c> clause is needed. <c>T</c> is the operation's width, <c>X</c> the 64-bit word, both of machine <c>M</c>.
/// </summary>
/// <remarks>
/// Pitfall: no <c>?:</c>, <c>&amp;&amp;</c> or switch expression inside the arguments of an <c>m.</c> call; assign to a local
/// first. RyuJIT otherwise keeps the machine in memory (docs/decisions/0001).
/// </remarks>
internal interface IInstruction
{
    static abstract void Execute<M, T, X>(ref M m, in Operands o)
        where M : struct, IA64Machine<X> where T : struct, IWord<T> where X : struct, IWord<X>;

    /// <summary>
    /// Fills what the pattern's register letters do not: immediates, shifts. Returns false for a reserved value, which makes
    /// the encoding undefined.
    /// </summary>
    static virtual bool Decode(uint word, ref Operands o) => true;

    /// <summary>True for a branch to the fixed address in <see cref="Operands.Imm"/>.</summary>
    static virtual bool IsDirectBranch => false;

    /// <summary>True for a memory access through the base register Rn: the body calls CheckBase.</summary>
    static virtual bool UsesBase => false;
}

/// <summary>What follows a helper call.</summary>
internal enum HelperOutcome
{
    /// <summary>The instruction goes on with the result.</summary>
    Continue,

    /// <summary>The instruction is complete; PC says where to go on.</summary>
    Jump,

    /// <summary>The instruction is not complete: it took an exception to EL1, and PC is the vector.</summary>
    Exception,

    /// <summary>The run ends before the instruction is complete.</summary>
    Exit,

    /// <summary>The run ends behind the instruction.</summary>
    ExitAfter,
}

/// <summary>
/// Semantics that are a function and not IR: system registers, exceptions, cache maintenance. The interpreter calls it
/// directly, translated code through a pointer.
/// </summary>
internal interface IHelper
{
    static abstract HelperOutcome Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result);
}
