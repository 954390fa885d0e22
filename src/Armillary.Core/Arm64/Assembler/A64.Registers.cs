namespace Armillary.Arm64;

/// <content>Operands: registers and conditions (Arm ARM C1.2).</content>
public static partial class A64
{
    /// <summary>X0, 64 bits.</summary>
    public static Register X0 => new(0, is32: false);
    /// <summary>X1, 64 bits.</summary>
    public static Register X1 => new(1, is32: false);
    /// <summary>X2, 64 bits.</summary>
    public static Register X2 => new(2, is32: false);
    /// <summary>X3, 64 bits.</summary>
    public static Register X3 => new(3, is32: false);
    /// <summary>X4, 64 bits.</summary>
    public static Register X4 => new(4, is32: false);
    /// <summary>X5, 64 bits.</summary>
    public static Register X5 => new(5, is32: false);
    /// <summary>X6, 64 bits.</summary>
    public static Register X6 => new(6, is32: false);
    /// <summary>X7, 64 bits.</summary>
    public static Register X7 => new(7, is32: false);
    /// <summary>X8, 64 bits.</summary>
    public static Register X8 => new(8, is32: false);
    /// <summary>X9, 64 bits.</summary>
    public static Register X9 => new(9, is32: false);
    /// <summary>X10, 64 bits.</summary>
    public static Register X10 => new(10, is32: false);
    /// <summary>X11, 64 bits.</summary>
    public static Register X11 => new(11, is32: false);
    /// <summary>X12, 64 bits.</summary>
    public static Register X12 => new(12, is32: false);
    /// <summary>X13, 64 bits.</summary>
    public static Register X13 => new(13, is32: false);
    /// <summary>X14, 64 bits.</summary>
    public static Register X14 => new(14, is32: false);
    /// <summary>X15, 64 bits.</summary>
    public static Register X15 => new(15, is32: false);
    /// <summary>X16, 64 bits.</summary>
    public static Register X16 => new(16, is32: false);
    /// <summary>X17, 64 bits.</summary>
    public static Register X17 => new(17, is32: false);
    /// <summary>X18, 64 bits.</summary>
    public static Register X18 => new(18, is32: false);
    /// <summary>X19, 64 bits.</summary>
    public static Register X19 => new(19, is32: false);
    /// <summary>X20, 64 bits.</summary>
    public static Register X20 => new(20, is32: false);
    /// <summary>X21, 64 bits.</summary>
    public static Register X21 => new(21, is32: false);
    /// <summary>X22, 64 bits.</summary>
    public static Register X22 => new(22, is32: false);
    /// <summary>X23, 64 bits.</summary>
    public static Register X23 => new(23, is32: false);
    /// <summary>X24, 64 bits.</summary>
    public static Register X24 => new(24, is32: false);
    /// <summary>X25, 64 bits.</summary>
    public static Register X25 => new(25, is32: false);
    /// <summary>X26, 64 bits.</summary>
    public static Register X26 => new(26, is32: false);
    /// <summary>X27, 64 bits.</summary>
    public static Register X27 => new(27, is32: false);
    /// <summary>X28, 64 bits.</summary>
    public static Register X28 => new(28, is32: false);
    /// <summary>X29, 64 bits.</summary>
    public static Register X29 => new(29, is32: false);
    /// <summary>X30, 64 bits.</summary>
    public static Register X30 => new(30, is32: false);
    /// <summary>W0, 32 bits.</summary>
    public static Register W0 => new(0, is32: true);
    /// <summary>W1, 32 bits.</summary>
    public static Register W1 => new(1, is32: true);
    /// <summary>W2, 32 bits.</summary>
    public static Register W2 => new(2, is32: true);
    /// <summary>W3, 32 bits.</summary>
    public static Register W3 => new(3, is32: true);
    /// <summary>W4, 32 bits.</summary>
    public static Register W4 => new(4, is32: true);
    /// <summary>W5, 32 bits.</summary>
    public static Register W5 => new(5, is32: true);
    /// <summary>W6, 32 bits.</summary>
    public static Register W6 => new(6, is32: true);
    /// <summary>W7, 32 bits.</summary>
    public static Register W7 => new(7, is32: true);
    /// <summary>W8, 32 bits.</summary>
    public static Register W8 => new(8, is32: true);
    /// <summary>W9, 32 bits.</summary>
    public static Register W9 => new(9, is32: true);
    /// <summary>W10, 32 bits.</summary>
    public static Register W10 => new(10, is32: true);
    /// <summary>W11, 32 bits.</summary>
    public static Register W11 => new(11, is32: true);
    /// <summary>W12, 32 bits.</summary>
    public static Register W12 => new(12, is32: true);
    /// <summary>W13, 32 bits.</summary>
    public static Register W13 => new(13, is32: true);
    /// <summary>W14, 32 bits.</summary>
    public static Register W14 => new(14, is32: true);
    /// <summary>W15, 32 bits.</summary>
    public static Register W15 => new(15, is32: true);
    /// <summary>W16, 32 bits.</summary>
    public static Register W16 => new(16, is32: true);
    /// <summary>W17, 32 bits.</summary>
    public static Register W17 => new(17, is32: true);
    /// <summary>W18, 32 bits.</summary>
    public static Register W18 => new(18, is32: true);
    /// <summary>W19, 32 bits.</summary>
    public static Register W19 => new(19, is32: true);
    /// <summary>W20, 32 bits.</summary>
    public static Register W20 => new(20, is32: true);
    /// <summary>W21, 32 bits.</summary>
    public static Register W21 => new(21, is32: true);
    /// <summary>W22, 32 bits.</summary>
    public static Register W22 => new(22, is32: true);
    /// <summary>W23, 32 bits.</summary>
    public static Register W23 => new(23, is32: true);
    /// <summary>W24, 32 bits.</summary>
    public static Register W24 => new(24, is32: true);
    /// <summary>W25, 32 bits.</summary>
    public static Register W25 => new(25, is32: true);
    /// <summary>W26, 32 bits.</summary>
    public static Register W26 => new(26, is32: true);
    /// <summary>W27, 32 bits.</summary>
    public static Register W27 => new(27, is32: true);
    /// <summary>W28, 32 bits.</summary>
    public static Register W28 => new(28, is32: true);
    /// <summary>W29, 32 bits.</summary>
    public static Register W29 => new(29, is32: true);
    /// <summary>W30, 32 bits.</summary>
    public static Register W30 => new(30, is32: true);
    /// <summary>The frame pointer: X29.</summary>
    public static Register Fp => X29;
    /// <summary>The link register: X30.</summary>
    public static Register Lr => X30;
    /// <summary>The stack pointer of the current exception level.</summary>
    public static Register Sp => new(31, is32: false, isStackPointer: true);
    /// <summary>The low 32 bits of the stack pointer.</summary>
    public static Register Wsp => new(31, is32: true, isStackPointer: true);
    /// <summary>The zero register, 64 bits.</summary>
    public static Register Xzr => new(31, is32: false);
    /// <summary>The zero register, 32 bits.</summary>
    public static Register Wzr => new(31, is32: true);

    /// <summary>X register by number, 0 to 30.</summary>
    public static Register X(int number) => new(InRange(number, 0, 30), is32: false);

    /// <summary>W register by number, 0 to 30.</summary>
    public static Register W(int number) => new(InRange(number, 0, 30), is32: true);

    /// <summary>Condition: equal.</summary>
    public const Condition Eq = Condition.Eq;
    /// <summary>Condition: not equal.</summary>
    public const Condition Ne = Condition.Ne;
    /// <summary>Condition: carry set.</summary>
    public const Condition Cs = Condition.Cs;
    /// <summary>Condition: unsigned higher or same.</summary>
    public const Condition Hs = Condition.Hs;
    /// <summary>Condition: carry clear.</summary>
    public const Condition Cc = Condition.Cc;
    /// <summary>Condition: unsigned lower.</summary>
    public const Condition Lo = Condition.Lo;
    /// <summary>Condition: minus.</summary>
    public const Condition Mi = Condition.Mi;
    /// <summary>Condition: plus or zero.</summary>
    public const Condition Pl = Condition.Pl;
    /// <summary>Condition: overflow.</summary>
    public const Condition Vs = Condition.Vs;
    /// <summary>Condition: no overflow.</summary>
    public const Condition Vc = Condition.Vc;
    /// <summary>Condition: unsigned higher.</summary>
    public const Condition Hi = Condition.Hi;
    /// <summary>Condition: unsigned lower or same.</summary>
    public const Condition Ls = Condition.Ls;
    /// <summary>Condition: signed greater or equal.</summary>
    public const Condition Ge = Condition.Ge;
    /// <summary>Condition: signed less.</summary>
    public const Condition Lt = Condition.Lt;
    /// <summary>Condition: signed greater.</summary>
    public const Condition Gt = Condition.Gt;
    /// <summary>Condition: signed less or equal.</summary>
    public const Condition Le = Condition.Le;
    /// <summary>Condition: always.</summary>
    public const Condition Al = Condition.Al;
    /// <summary>Condition: always, by its second encoding.</summary>
    public const Condition Nv = Condition.Nv;
}
