using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions;

/// <summary>An operation on two words.</summary>
internal interface IOperation
{
    static abstract T Apply<T>(T a, T b) where T : struct, IWord<T>;

    static abstract FlagRule Flags { get; }
}

/// <summary>How an operation's S form sets NZCV.</summary>
internal enum FlagRule
{
    Add,
    Subtract,
    Logic,
}

internal readonly struct Plus : IOperation
{
    static FlagRule IOperation.Flags => FlagRule.Add;

    static T IOperation.Apply<T>(T a, T b) => a + b;
}

internal readonly struct Minus : IOperation
{
    static FlagRule IOperation.Flags => FlagRule.Subtract;

    static T IOperation.Apply<T>(T a, T b) => a - b;
}

internal readonly struct And : IOperation
{
    static FlagRule IOperation.Flags => FlagRule.Logic;

    static T IOperation.Apply<T>(T a, T b) => a & b;
}

internal readonly struct Or : IOperation
{
    static FlagRule IOperation.Flags => FlagRule.Logic;

    static T IOperation.Apply<T>(T a, T b) => a | b;
}

internal readonly struct Xor : IOperation
{
    static FlagRule IOperation.Flags => FlagRule.Logic;

    static T IOperation.Apply<T>(T a, T b) => a ^ b;
}

internal readonly struct AndNot : IOperation
{
    static FlagRule IOperation.Flags => FlagRule.Logic;

    static T IOperation.Apply<T>(T a, T b) => a & ~b;
}

internal readonly struct OrNot : IOperation
{
    static FlagRule IOperation.Flags => FlagRule.Logic;

    static T IOperation.Apply<T>(T a, T b) => a | ~b;
}

internal readonly struct XorNot : IOperation
{
    static FlagRule IOperation.Flags => FlagRule.Logic;

    static T IOperation.Apply<T>(T a, T b) => a ^ ~b;
}

/// <summary>Rd = Rn op operand.</summary>
internal readonly struct Alu<TOperation, TOperand> : IInstruction where TOperation : struct, IOperation where TOperand : struct, IOperand2
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.SetX(o.Rd, TOperation.Apply(m.X<T>(o.Rn), TOperand.Get<M, T, X>(ref m, o)));

    static bool IInstruction.Decode(uint word, ref Operands o) => TOperand.Decode(word, ref o);
}

/// <summary>Rd = Rn op operand, and NZCV.</summary>
internal readonly struct AluFlags<TOperation, TOperand> : IInstruction where TOperation : struct, IOperation where TOperand : struct, IOperand2
{
    static void IInstruction.Execute<M, T, X>(ref M m, in Operands o)
    {
        T a = m.X<T>(o.Rn), b = TOperand.Get<M, T, X>(ref m, o), result = TOperation.Apply(a, b);
        m.SetX(o.Rd, result);
        if (TOperation.Flags == FlagRule.Add) m.SetFlagsOfAdd(a, b);
        else if (TOperation.Flags == FlagRule.Subtract) m.SetFlagsOfSub(a, b);
        else m.SetFlagsOfLogic(result);
    }

    static bool IInstruction.Decode(uint word, ref Operands o) => TOperand.Decode(word, ref o);
}
