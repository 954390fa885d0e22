using System.Numerics;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>The instruction around a vector operation, such as <see cref="Vector2{TOperation}"/>.</summary>
internal interface IShape
{
    static abstract Row Make<TOperation>(string pattern, string name, string text, bool is64) where TOperation : struct, IVectorOperation;
}

/// <summary>The same for operations that saturate.</summary>
internal interface ISaturatingShape
{
    static abstract Row Make<TOperation>(string pattern, string name, string text, bool is64) where TOperation : struct, IFloatingOperation;
}

/// <summary>Makes the rows of one instruction for each size of element.</summary>
/// <remarks>Patterns have ss for the two bits of the size, and z for Q in the vector forms. Texts have $ for the letter of the size.</remarks>
internal static class SimdRow
{
    private const string Letters = "bhsd";

    /// <summary>Vectors of signed elements; <paramref name="sizes"/> is the letters of those that exist.</summary>
    public static IEnumerable<Row> Signed<TShape, TLanes>(string pattern, string name, string text, string sizes) where TShape : struct, IShape where TLanes : struct, ILanes
        => Each<TShape, sbyte, short, int, long, TLanes>(pattern, name, text, sizes);

    /// <summary>Vectors of unsigned elements.</summary>
    public static IEnumerable<Row> Unsigned<TShape, TLanes>(string pattern, string name, string text, string sizes) where TShape : struct, IShape where TLanes : struct, ILanes
        => Each<TShape, byte, ushort, uint, ulong, TLanes>(pattern, name, text, sizes);

    /// <summary>Saturating operations on vectors of signed elements.</summary>
    public static IEnumerable<Row> SignedSaturating<TShape, TLanes>(string pattern, string name, string text, string sizes) where TShape : struct, ISaturatingShape where TLanes : struct, ISaturatingLanes
        => Saturating<TShape, sbyte, short, int, long, TLanes>(pattern, name, text, sizes);

    /// <summary>Saturating operations on vectors of unsigned elements.</summary>
    public static IEnumerable<Row> UnsignedSaturating<TShape, TLanes>(string pattern, string name, string text, string sizes) where TShape : struct, ISaturatingShape where TLanes : struct, ISaturatingLanes
        => Saturating<TShape, byte, ushort, uint, ulong, TLanes>(pattern, name, text, sizes);

    /// <summary>Saturating operations on signed scalars.</summary>
    public static IEnumerable<Row> SignedScalar<TShape, TLanes>(string pattern, string name, string text, string sizes) where TShape : struct, ISaturatingShape where TLanes : struct, ISaturatingLanes
        => Scalar<TShape, sbyte, short, int, long, TLanes>(pattern, name, text, sizes);

    /// <summary>Saturating operations on unsigned scalars.</summary>
    public static IEnumerable<Row> UnsignedScalar<TShape, TLanes>(string pattern, string name, string text, string sizes) where TShape : struct, ISaturatingShape where TLanes : struct, ISaturatingLanes
        => Scalar<TShape, byte, ushort, uint, ulong, TLanes>(pattern, name, text, sizes);

    /// <summary>The pattern of a size; a vector of one doubleword does not exist.</summary>
    public static string Pattern(string pattern, char size)
    {
        string filled = pattern.Replace("ss", Size(size), StringComparison.Ordinal);
        return size == 'd' ? filled.Replace('z', '1') : filled;
    }

    /// <summary>The two bits of a size.</summary>
    public static string Size(char letter) => letter switch { 'b' => "00", 'h' => "01", 's' => "10", _ => "11" };

    /// <summary>The name of a size: "ADD (vector), B".</summary>
    public static string Name(string name, char size) => $"{name}, {char.ToUpperInvariant(size)}";

    public static string Text(string text, char size) => text.Replace('$', size).Replace('%', char.ToUpperInvariant(size));

    private static IEnumerable<Row> Each<TShape, TB, TH, TS, TD, TLanes>(string pattern, string name, string text, string sizes)
        where TShape : struct, IShape where TLanes : struct, ILanes
        where TB : unmanaged, IBinaryInteger<TB>, IMinMaxValue<TB> where TH : unmanaged, IBinaryInteger<TH>, IMinMaxValue<TH>
        where TS : unmanaged, IBinaryInteger<TS>, IMinMaxValue<TS> where TD : unmanaged, IBinaryInteger<TD>, IMinMaxValue<TD>
    {
        foreach (char size in Letters.Where(sizes.Contains))
        {
            (string p, string n, string t) = (Pattern(pattern, size), Name(name, size), Text(text, size));
            yield return size switch
            {
                'b' => TShape.Make<Each<TB, TLanes>>(p, n, t, is64: true),
                'h' => TShape.Make<Each<TH, TLanes>>(p, n, t, is64: true),
                's' => TShape.Make<Each<TS, TLanes>>(p, n, t, is64: true),
                _ => TShape.Make<Each<TD, TLanes>>(p, n, t, is64: true),
            };
        }
    }

    private static IEnumerable<Row> Saturating<TShape, TB, TH, TS, TD, TLanes>(string pattern, string name, string text, string sizes)
        where TShape : struct, ISaturatingShape where TLanes : struct, ISaturatingLanes
        where TB : unmanaged, IBinaryInteger<TB>, IMinMaxValue<TB> where TH : unmanaged, IBinaryInteger<TH>, IMinMaxValue<TH>
        where TS : unmanaged, IBinaryInteger<TS>, IMinMaxValue<TS> where TD : unmanaged, IBinaryInteger<TD>, IMinMaxValue<TD>
    {
        foreach (char size in Letters.Where(sizes.Contains))
        {
            (string p, string n, string t) = (Pattern(pattern, size), Name(name, size), Text(text, size));
            yield return size switch
            {
                'b' => TShape.Make<Saturating<TB, TLanes>>(p, n, t, is64: true),
                'h' => TShape.Make<Saturating<TH, TLanes>>(p, n, t, is64: true),
                's' => TShape.Make<Saturating<TS, TLanes>>(p, n, t, is64: true),
                _ => TShape.Make<Saturating<TD, TLanes>>(p, n, t, is64: true),
            };
        }
    }

    private static IEnumerable<Row> Scalar<TShape, TB, TH, TS, TD, TLanes>(string pattern, string name, string text, string sizes)
        where TShape : struct, ISaturatingShape where TLanes : struct, ISaturatingLanes
        where TB : unmanaged, IBinaryInteger<TB>, IMinMaxValue<TB> where TH : unmanaged, IBinaryInteger<TH>, IMinMaxValue<TH>
        where TS : unmanaged, IBinaryInteger<TS>, IMinMaxValue<TS> where TD : unmanaged, IBinaryInteger<TD>, IMinMaxValue<TD>
    {
        foreach (char size in Letters.Where(sizes.Contains))
        {
            (string p, string n, string t) = (Pattern(pattern, size), Name(name, size), Text(text, size));
            yield return size switch
            {
                'b' => TShape.Make<SaturatingScalar<TB, TLanes>>(p, n, t, is64: false),
                'h' => TShape.Make<SaturatingScalar<TH, TLanes>>(p, n, t, is64: false),
                's' => TShape.Make<SaturatingScalar<TS, TLanes>>(p, n, t, is64: false),
                _ => TShape.Make<SaturatingScalar<TD, TLanes>>(p, n, t, is64: false),
            };
        }
    }
}
