using System.Runtime.CompilerServices;

namespace Armillary.Arm64;

/// <summary>
/// A typed assembler for the A64 base instruction set. With <c>using static Armillary.Arm64.A64</c> a guest program reads
/// as one: <c>Mov(X0, 10), loop, Subs(X0, X0, 1), B(Ne, loop)</c>. Names are Arm's; each method is one instruction or one
/// alias and its encoding is built from the fields of the Arm ARM (DDI 0487), section C6.2 under that name.
/// </summary>
/// <remarks>
/// Every method checks its operands: <see cref="ArgumentOutOfRangeException"/> for an immediate that does not fit, with the
/// range; <see cref="ArgumentException"/> for a register that the instruction cannot take (SP where 31 is the zero register
/// and the other way round, a wrong width) and for combinations whose behaviour the architecture leaves open.
/// What is refused here can still be written as a raw word.
/// </remarks>
public static partial class A64
{
    private const uint Q = 1u << 31; // sf: the 64-bit form

    private static uint Sf(Register register) => register.Is64 ? Q : 0;

    // A register field in which 31 is the zero register.
    private static uint R(Register register, int bit, [CallerArgumentExpression(nameof(register))] string? name = null)
        => !register.IsStackPointer ? (uint)register.Number << bit
            : throw new ArgumentException($"{register} is not allowed as {name}: use a general-purpose register or the zero register.", name);

    // A register field in which 31 is the stack pointer.
    private static uint RSp(Register register, int bit, [CallerArgumentExpression(nameof(register))] string? name = null)
        => !register.IsZero ? (uint)register.Number << bit
            : throw new ArgumentException($"{register} is not allowed as {name}: use a general-purpose register or the stack pointer.", name);

    private static uint R64(Register register, int bit, [CallerArgumentExpression(nameof(register))] string? name = null)
    {
        Width(register, 64, name);
        return R(register, bit, name);
    }

    private static uint R32(Register register, int bit, [CallerArgumentExpression(nameof(register))] string? name = null)
    {
        Width(register, 32, name);
        return R(register, bit, name);
    }

    private static void SameWidth(
        Register first, Register second,
        [CallerArgumentExpression(nameof(first))] string? firstName = null,
        [CallerArgumentExpression(nameof(second))] string? secondName = null)
    {
        if (first.Width == second.Width) return;
        throw new ArgumentException($"Operands differ in width: {firstName} is {first} ({first.Width} bits), {secondName} is {second} ({second.Width} bits).", secondName);
    }

    private static void Width(Register register, int width, [CallerArgumentExpression(nameof(register))] string? name = null)
    {
        if (register.Width == width) return;
        throw new ArgumentException($"{register} is not allowed as {name}: this operand has {width} bits.", name);
    }

    private static int InRange(int value, int min, int max, [CallerArgumentExpression(nameof(value))] string? name = null)
        => value >= min && value <= max ? value
            : throw new ArgumentOutOfRangeException(name, value, $"The value must be from {min} to {max}.");

    // An unsigned field of some bits.
    private static uint U(int value, int bits, int bit, [CallerArgumentExpression(nameof(value))] string? name = null)
        => (uint)InRange(value, 0, (1 << bits) - 1, name) << bit;

    private static uint Cond(Condition condition, int bit)
        => condition is >= Condition.Eq and <= Condition.Nv ? (uint)condition << bit
            : throw new ArgumentOutOfRangeException(nameof(condition), condition, "The value must be from 0 (EQ) to 15 (NV).");

    private static uint ShiftField(Shift shift, int width, bool rotates)
    {
        if (shift.Kind is < ShiftKind.Lsl or > ShiftKind.Ror || (shift.Kind == ShiftKind.Ror && !rotates))
        {
            throw new ArgumentException($"{shift.Kind} is not a shift that this instruction has: use {(rotates ? "LSL, LSR, ASR or ROR" : "LSL, LSR or ASR")}.", nameof(shift));
        }

        return ((uint)shift.Kind << 22) | ((uint)InRange(shift.Amount, 0, width - 1, nameof(shift)) << 10);
    }

    // rd, rn and rm of one width at bits 0, 5 and 16, 31 being the zero register, and sf.
    private static uint ThreeRegisters(Register rd, Register rn, Register rm)
    {
        SameWidth(rd, rn);
        SameWidth(rd, rm);
        return Sf(rd) | R(rm, 16) | R(rn, 5) | R(rd, 0);
    }

    private static uint TwoRegisters(Register rd, Register rn)
    {
        SameWidth(rd, rn);
        return Sf(rd) | R(rn, 5) | R(rd, 0);
    }

    private static Register Zero(Register sameWidth) => sameWidth.Is64 ? Xzr : Wzr;

    // The bits of an immediate for a register of some width: it may be written signed or unsigned.
    private static ulong Bits(Int128 immediate, int width, [CallerArgumentExpression(nameof(immediate))] string? name = null)
    {
        Int128 limit = Int128.One << width;
        if (immediate < -(limit >> 1) || immediate >= limit)
        {
            throw new ArgumentOutOfRangeException(name, immediate, $"The value must fit {width} bits, signed or unsigned.");
        }

        return (ulong)(UInt128)(immediate & (limit - 1));
    }
}
