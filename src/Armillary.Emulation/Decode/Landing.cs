namespace Armillary.Emulation.Decode;

/// <summary>Which values of PSTATE.BTYPE may lead to an instruction in a guarded page (Arm ARM, BTypeCompatible_BTI()).</summary>
[Flags]
internal enum Landing : byte
{
    /// <summary>None but 0: no branch to a register.</summary>
    None = 0,

    /// <summary>1: BR by X16 or X17, or from a page that is not guarded.</summary>
    Type1 = 1 << 1,

    /// <summary>2: BLR.</summary>
    Type2 = 1 << 2,

    /// <summary>3: BR.</summary>
    Type3 = 1 << 3,

    /// <summary>BTI c.</summary>
    Call = Type1 | Type2,

    /// <summary>BTI j.</summary>
    Jump = Type1 | Type3,

    /// <summary>BTI jc, and BRK, whose own exception comes first.</summary>
    Any = Call | Jump,

    /// <summary>PACIASP and PACIBSP: 3 too, if SCTLR_EL1.BT0 or BT1 does not forbid it.</summary>
    Signing = Call | 1 << 4,
}

internal static class Landings
{
    public static bool Takes(this Landing landing, uint branchType) => ((uint)landing >> (int)branchType & 1) != 0;
}
