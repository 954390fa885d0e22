namespace Armillary.Machine.DeviceTree;

/// <summary>What a boot loader tells a kernel in <c>/chosen</c> (Devicetree Specification 0.4, 3.6; Linux's bindings for the seeds).</summary>
internal static class ChosenNode
{
    private const int KaslrSize = sizeof(ulong);

    /// <summary>The properties that <see cref="Write"/> writes.</summary>
    public static IEnumerable<string> Names(MachineOptions options)
    {
        if (options.CommandLine.Length > 0) yield return "bootargs";
        if (!options.RandomSeed.IsEmpty) yield return "rng-seed";
        if (HasPlace(options)) yield return "kaslr-seed";
        if (options.Initrd.IsEmpty) yield break;
        yield return "linux,initrd-start";
        yield return "linux,initrd-end";
    }

    /// <summary>Writes the properties; the node has begun.</summary>
    public static void Write(DeviceTreeWriter tree, MachineOptions options, ulong initrd)
    {
        if (options.CommandLine.Length > 0) tree.Strings("bootargs", options.CommandLine);
        ReadOnlySpan<byte> seed = options.RandomSeed.Span;
        if (HasPlace(options))
        {
            tree.Bytes("kaslr-seed", seed[..KaslrSize]);
            seed = seed[KaslrSize..];
        }

        if (!seed.IsEmpty) tree.Bytes("rng-seed", seed);
        if (options.Initrd.IsEmpty) return;
        tree.Wide("linux,initrd-start", initrd);
        tree.Wide("linux,initrd-end", initrd + (ulong)options.Initrd.Length);
    }

    private static bool HasPlace(MachineOptions options) => options.RandomSeed.Length > KaslrSize;
}
