using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Models;

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

    /// <summary>For a branch to a register, what it makes of PSTATE.BTYPE, which the decoder puts into <see cref="Operands.Option"/>.</summary>
    static virtual IndirectBranch IndirectBranch => IndirectBranch.None;

    /// <summary>The feature that the operands need, of rows that serve several.</summary>
    static virtual Feature Requires(in Operands o) => Feature.None;

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

    /// <summary>
    /// The instruction is not complete: the registers say how far it came. It is taken up again at PC when what other threads want has
    /// been looked to.
    /// </summary>
    Again,

    /// <summary>The same, after one byte of a block that no memory backs: <see cref="SoftwareVirtualCpu.WantByte"/>.</summary>
    MoveByte,

    /// <summary>The run ends before the instruction is complete.</summary>
    Exit,

    /// <summary>The run ends behind the instruction.</summary>
    ExitAfter,
}

/// <summary>
/// Semantics that are a function and not IR: system registers, exceptions, cache maintenance. The interpreter calls it
/// directly, translated code through a pointer. It may read and write any part of the CPU's state.
/// </summary>
internal interface IHelper
{
    static abstract HelperOutcome Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result);
}

/// <summary>The same with two arguments.</summary>
internal interface IPairHelper
{
    static abstract HelperOutcome Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong first, ulong second, out ulong result);
}

/// <summary>What a branch to a register makes of PSTATE.BTYPE.</summary>
internal enum IndirectBranch
{
    /// <summary>It is 0 behind the instruction.</summary>
    None,

    /// <summary>BR: 3 in a guarded page, 1 elsewhere or by way of X16 or X17.</summary>
    Jump,

    /// <summary>BLR: 2.</summary>
    Call,
}
