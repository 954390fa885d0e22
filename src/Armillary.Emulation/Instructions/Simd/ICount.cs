namespace Armillary.Emulation.Instructions.Simd;

/// <summary>How many registers an instruction has in a list.</summary>
internal interface ICount
{
    static abstract int Registers { get; }
}

internal readonly struct One : ICount
{
    static int ICount.Registers => 1;
}

internal readonly struct Two : ICount
{
    static int ICount.Registers => 2;
}

internal readonly struct Three : ICount
{
    static int ICount.Registers => 3;
}

internal readonly struct Four : ICount
{
    static int ICount.Registers => 4;
}
