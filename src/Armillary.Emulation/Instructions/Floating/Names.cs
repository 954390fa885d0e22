namespace Armillary.Emulation.Instructions.Floating;

internal static class Names
{
    /// <summary>The manual's name as assembly text spells it.</summary>
#pragma warning disable CA1308 // Mnemonics are ASCII and written small.
    public static string Mnemonic(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308
}
