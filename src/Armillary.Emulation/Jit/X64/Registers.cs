namespace Armillary.Emulation.Jit.X64;

/// <summary>General registers by their numbers in encodings.</summary>
internal enum Gpr : byte
{
    Rax, Rcx, Rdx, Rbx, Rsp, Rbp, Rsi, Rdi, R8, R9, R10, R11, R12, R13, R14, R15,
}

/// <summary>Vector registers.</summary>
internal enum Xmm : byte
{
    X0, X1, X2, X3, X4, X5, X6, X7, X8, X9, X10, X11, X12, X13, X14, X15,
}

/// <summary>Conditions by their numbers in encodings; the lowest bit inverts.</summary>
internal enum Cc : byte
{
    O, NO, B, AE, E, NE, BE, A, S, NS, P, NP, L, GE, LE, G,
}

/// <summary>Operations of the two-operand group, by their numbers.</summary>
internal enum Alu : byte
{
    Add, Or, Adc, Sbb, And, Sub, Xor, Cmp,
}

/// <summary>Shifts and rotations, by their numbers in group 2.</summary>
internal enum Shift : byte
{
    Rol = 0,
    Ror = 1,
    Shl = 4,
    Shr = 5,
    Sar = 7,
}

/// <summary>A memory operand: base, displacement.</summary>
internal readonly record struct Mem(Gpr Base, int Displacement = 0);

/// <summary>A place in the code, bound once, that jumps before and after it lead to.</summary>
internal sealed class Label
{
    public int Position { get; set; } = -1;

    /// <summary>Where 32-bit distances to it are to be written.</summary>
    public List<int> Uses { get; } = [];
}
