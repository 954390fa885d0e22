using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

// The instructions of VectorInstructions as parameters of SimdRow: Of1 is Vector1, OfScalar2 is Vector2 of one doubleword.

internal readonly struct Of1 : IShape
{
    static Row IShape.Make<TOperation>(string pattern, string name, string text, bool is64) => new RowOf<Vector1<TOperation>> { Pattern = pattern, Name = name, Text = text, Is64 = is64 };
}

internal readonly struct Of2 : IShape
{
    static Row IShape.Make<TOperation>(string pattern, string name, string text, bool is64) => new RowOf<Vector2<TOperation>> { Pattern = pattern, Name = name, Text = text, Is64 = is64 };
}

internal readonly struct Of3 : IShape
{
    static Row IShape.Make<TOperation>(string pattern, string name, string text, bool is64) => new RowOf<Vector3<TOperation>> { Pattern = pattern, Name = name, Text = text, Is64 = is64 };
}

internal readonly struct OfAccumulate : IShape
{
    static Row IShape.Make<TOperation>(string pattern, string name, string text, bool is64) => new RowOf<Accumulate<TOperation>> { Pattern = pattern, Name = name, Text = text, Is64 = is64 };
}

internal readonly struct OfScalar1 : IShape
{
    static Row IShape.Make<TOperation>(string pattern, string name, string text, bool is64) => new RowOf<Vector1<TOperation>> { Pattern = pattern, Name = name, Text = text, Is64 = false };
}

internal readonly struct OfScalar2 : IShape
{
    static Row IShape.Make<TOperation>(string pattern, string name, string text, bool is64) => new RowOf<Vector2<TOperation>> { Pattern = pattern, Name = name, Text = text, Is64 = false };
}

internal readonly struct OfScalarAccumulate : IShape
{
    static Row IShape.Make<TOperation>(string pattern, string name, string text, bool is64) => new RowOf<Accumulate<TOperation>> { Pattern = pattern, Name = name, Text = text, Is64 = false };
}

internal readonly struct Saturates1 : ISaturatingShape
{
    static Row ISaturatingShape.Make<TOperation>(string pattern, string name, string text, bool is64) => new RowOf<Saturate1<TOperation>> { Pattern = pattern, Name = name, Text = text, Is64 = is64 };
}

internal readonly struct Saturates2 : ISaturatingShape
{
    static Row ISaturatingShape.Make<TOperation>(string pattern, string name, string text, bool is64) => new RowOf<Saturate2<TOperation>> { Pattern = pattern, Name = name, Text = text, Is64 = is64 };
}

internal readonly struct Saturates3 : ISaturatingShape
{
    static Row ISaturatingShape.Make<TOperation>(string pattern, string name, string text, bool is64) => new RowOf<Saturate3<TOperation>> { Pattern = pattern, Name = name, Text = text, Is64 = is64 };
}

internal readonly struct SaturatesAccumulate : ISaturatingShape
{
    static Row ISaturatingShape.Make<TOperation>(string pattern, string name, string text, bool is64) => new RowOf<SaturateAccumulate<TOperation>> { Pattern = pattern, Name = name, Text = text, Is64 = is64 };
}
