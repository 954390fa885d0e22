using System.Runtime.CompilerServices;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions.Simd;

/// <summary>Whether a load or store of structures advances its base, by a register or, if that is 31, by the bytes accessed.</summary>
internal interface IWriteBack
{
    static abstract bool WritesBack { get; }
}

internal readonly struct Stay : IWriteBack
{
    static bool IWriteBack.WritesBack => false;
}

internal readonly struct Advance : IWriteBack
{
    static bool IWriteBack.WritesBack => true;
}

internal static class WriteBack
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Do<M, X, TForm>(ref M m, X at, in Operands o) where M : struct, IA64Machine<X> where X : struct, IWord<X> where TForm : struct, IWriteBack
    {
        if (!TForm.WritesBack) return;
        X distance = o.Rm == RegisterSlots.Zero ? m.Imm<X>(o.Imm) : m.X<X>(o.Rm);
        m.SetX(o.Rn, at + distance);
    }
}
