using System.Diagnostics.CodeAnalysis;

namespace Armillary.Arm64;

/// <summary>Condition codes (Arm ARM C1.2.4). The value is the encoding.</summary>
[SuppressMessage("Design", "CA1069:Enums values should not be duplicated", Justification = "Arm has two names for them.")]
public enum Condition
{
    /// <summary>Equal: Z.</summary>
    Eq = 0,
    /// <summary>Not equal: !Z.</summary>
    Ne = 1,
    /// <summary>Carry set: C.</summary>
    Cs = 2,
    /// <summary>Unsigned higher or same: C.</summary>
    Hs = 2,
    /// <summary>Carry clear: !C.</summary>
    Cc = 3,
    /// <summary>Unsigned lower: !C.</summary>
    Lo = 3,
    /// <summary>Minus: N.</summary>
    Mi = 4,
    /// <summary>Plus or zero: !N.</summary>
    Pl = 5,
    /// <summary>Overflow: V.</summary>
    Vs = 6,
    /// <summary>No overflow: !V.</summary>
    Vc = 7,
    /// <summary>Unsigned higher: C and !Z.</summary>
    Hi = 8,
    /// <summary>Unsigned lower or same: !C or Z.</summary>
    Ls = 9,
    /// <summary>Signed greater or equal: N == V.</summary>
    Ge = 10,
    /// <summary>Signed less: N != V.</summary>
    Lt = 11,
    /// <summary>Signed greater: !Z and N == V.</summary>
    Gt = 12,
    /// <summary>Signed less or equal: Z or N != V.</summary>
    Le = 13,
    /// <summary>Always.</summary>
    Al = 14,
    /// <summary>Always, with the encoding that would mean never.</summary>
    Nv = 15,
}

/// <summary>What can be asked of a condition.</summary>
public static class Conditions
{
    /// <summary>The condition that holds when this one does not.</summary>
    /// <exception cref="ArgumentException">The condition is AL or NV: both always hold.</exception>
    public static Condition Invert(this Condition condition) => condition is >= Condition.Eq and < Condition.Al
        ? (Condition)((int)condition ^ 1)
        : throw new ArgumentException($"Condition {condition} has no inverse: use one of EQ to LE.", nameof(condition));
}
