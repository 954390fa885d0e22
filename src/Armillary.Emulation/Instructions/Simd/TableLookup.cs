using System.Runtime.Intrinsics;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>TBL and TBX (Arm ARM C7.2.366, C7.2.367): bytes of a table in one to four registers, by number.</summary>
internal static class TableLookup
{
    public static Row[] Rows() =>
    [
        .. Both<One>("00", 1),
        .. Both<Two>("01", 2),
        .. Both<Three>("10", 3),
        .. Both<Four>("11", 4),
    ];

    private static Row[] Both<TCount>(string length, int count) where TCount : struct, ICount =>
    [
        new RowOf<Lookup<TCount, Zeros>> { Pattern = $"0z001110000wwwww0{length}000uuuuuvvvvv", Name = $"TBL, {count} registers", Text = $"tbl {{v.b}}, {{u*{count}.16b}}, {{w.b}}" },
        new RowOf<Lookup<TCount, Keep>> { Pattern = $"0z001110000wwwww0{length}100uuuuuvvvvv", Name = $"TBX, {count} registers", Text = $"tbx {{v.b}}, {{u*{count}.16b}}, {{w.b}}" },
    ];

    // n is the table's register, m the numbers, d what the registers before gave. Numbers before and behind this register's
    // are above 15 here, and a shuffle gives 0 for those.
    private readonly struct Step<TPlace> : IVectorOperation where TPlace : struct, ICount
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => d | Vector128.Shuffle(n, m - Vector128.Create((byte)(16 * (TPlace.Registers - 1))));
    }

    private readonly struct FirstStep : IVectorOperation
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o) => Vector128.Shuffle(n, m);
    }

    // n is what the table gave, m the numbers: those outside the table leave Vd.
    private readonly struct Merge<TCount> : IVectorOperation where TCount : struct, ICount
    {
        static Vector128<byte> IVectorOperation.Apply(Vector128<byte> n, Vector128<byte> m, Vector128<byte> d, in Operands o)
            => Vector128.ConditionalSelect(Vector128.LessThan(m, Vector128.Create((byte)(16 * TCount.Registers))), n, d);
    }

    private readonly struct Lookup<TCount, TOutside> : IInstruction where TCount : struct, ICount where TOutside : struct, IOutside
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
        {
            if (!m.CheckFloating(o)) return;
            V128 numbers = m.V(o.Rm), table = m.V(o.Rn);
            V128 result = m.Vector<FirstStep>(o, table, numbers, table);
            if (TCount.Registers > 1) result = m.Vector<Step<Two>>(o, m.V((o.Rn + 1) & 31), numbers, result);
            if (TCount.Registers > 2) result = m.Vector<Step<Three>>(o, m.V((o.Rn + 2) & 31), numbers, result);
            if (TCount.Registers > 3) result = m.Vector<Step<Four>>(o, m.V((o.Rn + 3) & 31), numbers, result);
            if (TOutside.KeepsVd) result = m.Vector<Merge<TCount>>(o, result, numbers, m.V(o.Rd));
            if (T.Bits == 32) result = m.LowHalf(result);
            m.SetV(o.Rd, result);
        }
    }

    private interface IOutside
    {
        static abstract bool KeepsVd { get; }
    }

    private readonly struct Zeros : IOutside
    {
        static bool IOutside.KeepsVd => false;
    }

    private readonly struct Keep : IOutside
    {
        static bool IOutside.KeepsVd => true;
    }
}
