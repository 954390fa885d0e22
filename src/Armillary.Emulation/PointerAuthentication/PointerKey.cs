namespace Armillary.Emulation.PointerAuthentication;

/// <summary>The five keys. The ISS of a failed authentication has the number of a key for pointers (Arm ARM, ISS of EC 0x1c).</summary>
internal enum PointerKey
{
    /// <summary>APIAKey_EL1.</summary>
    InstructionA,

    /// <summary>APIBKey_EL1.</summary>
    InstructionB,

    /// <summary>APDAKey_EL1.</summary>
    DataA,

    /// <summary>APDBKey_EL1.</summary>
    DataB,

    /// <summary>APGAKey_EL1.</summary>
    Generic,
}
