using Armillary.Emulation.Cpu;
using Armillary.Emulation.Floating;

namespace Armillary.Tests.Floating;

/// <summary>What the host computes and what integers compute is the same, flags and all.</summary>
public sealed class HostArithmeticTests
{
    private const int Seed = 2026;
    private const int Count = 150_000;

    private delegate ulong Operation(ref FloatingState fp, ulong a, ulong b, ulong c);

    [Fact]
    public void Sums_are_the_same_both_ways() => Compare(static (ref fp, a, b, _) => Arithmetic.Add<Binary64>(ref fp, a, b), static (ref fp, a, b, _) => Arithmetic.Add<Binary32>(ref fp, a, b));

    [Fact]
    public void Differences_are_the_same_both_ways() => Compare(static (ref fp, a, b, _) => Arithmetic.Subtract<Binary64>(ref fp, a, b), static (ref fp, a, b, _) => Arithmetic.Subtract<Binary32>(ref fp, a, b));

    [Fact]
    public void Products_are_the_same_both_ways() => Compare(static (ref fp, a, b, _) => Arithmetic.Multiply<Binary64>(ref fp, a, b), static (ref fp, a, b, _) => Arithmetic.Multiply<Binary32>(ref fp, a, b));

    [Fact]
    public void Extended_products_are_the_same_both_ways() => Compare(static (ref fp, a, b, _) => Arithmetic.MultiplyExtended<Binary64>(ref fp, a, b), static (ref fp, a, b, _) => Arithmetic.MultiplyExtended<Binary32>(ref fp, a, b));

    [Fact]
    public void Quotients_are_the_same_both_ways() => Compare(static (ref fp, a, b, _) => Arithmetic.Divide<Binary64>(ref fp, a, b), static (ref fp, a, b, _) => Arithmetic.Divide<Binary32>(ref fp, a, b));

    [Fact]
    public void Square_roots_are_the_same_both_ways() => Compare(static (ref fp, a, _, _) => Arithmetic.SquareRoot<Binary64>(ref fp, a), static (ref fp, a, _, _) => Arithmetic.SquareRoot<Binary32>(ref fp, a));

    [Fact]
    public void Fused_sums_are_the_same_both_ways() => Compare(
        static (ref fp, a, b, c) => FusedMultiply.MultiplyAdd<Binary64>(ref fp, c, a, b), static (ref fp, a, b, c) => FusedMultiply.MultiplyAdd<Binary32>(ref fp, c, a, b));

    [Fact]
    public void Comparisons_are_the_same_both_ways() => Compare(
        static (ref fp, a, b, _) => Comparison.Compare<Binary64>(ref fp, a, b, signalsQuiet: true), static (ref fp, a, b, _) => Comparison.Compare<Binary32>(ref fp, a, b, signalsQuiet: false));

    private static void Compare(Operation wide, Operation single)
    {
        Compare<Binary64>(wide);
        Compare<Binary32>(single);
    }

    private static void Compare<F>(Operation operation) where F : struct, IFormat
    {
        var numbers = new FloatingNumbers(Seed);
        uint[] controls = [0, 0, 0, Fpcr.DN, Fpcr.FZ, 1 << 22, 3 << 22];
        for (int i = 0; i < Count; i++)
        {
            ulong a = numbers.Next<F>(), b = numbers.Next<F>(), c = numbers.Next<F>();
            var byHost = new FloatingState { Control = controls[i % controls.Length], Status = i % 3 == 0 ? Fpsr.IXC : 0 };
            FloatingState byIntegers = byHost with { WithoutHost = 1 };
            ulong expected = operation(ref byIntegers, a, b, c), actual = operation(ref byHost, a, b, c);
            if (expected == actual && byIntegers.Status == byHost.Status) continue;
            Assert.Fail($"{typeof(F).Name}, seed {Seed}, case {i}: {a:x} {b:x} {c:x} with FPCR {byHost.Control:x}: by integers {expected:x} {byIntegers.Status:x}, by the host {actual:x} {byHost.Status:x}");
        }
    }
}
