using System.Runtime.Intrinsics;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Machines;

/// <summary>A 128-bit vector register's value: bytes to the interpreter, an operation's number to the translator.</summary>
internal readonly struct V128
{
    internal readonly Vector128<byte> Raw;

    internal V128(Vector128<byte> raw) => Raw = raw;
}

/// <summary>
/// A vector operation: a function of up to three registers (Vn, Vm and Vd or Va) and the immediates in the operands, without
/// any other input or effect. It is an operation of the IR under the type's own name; a code generator may know better
/// code for it, and this is what that code must equal.
/// </summary>
internal interface IVectorOperation
{
    static abstract Vector128<byte> Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o);

    /// <summary>The operation's own part of <see cref="IInstruction.Decode"/>: immediates and lanes.</summary>
    static virtual bool Decode(uint word, ref Operands o) => true;
}

/// <summary>A vector operation that reads FPCR and sets cumulative flags of FPSR.</summary>
internal interface IFloatingOperation
{
    static abstract Vector128<byte> Apply(ref FloatingState fp, Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o);

    /// <inheritdoc cref="IVectorOperation.Decode"/>
    static virtual bool Decode(uint word, ref Operands o) => true;
}
