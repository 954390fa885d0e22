using System.Globalization;
using Armillary.Emulation.Jit.X64;
using Iced.Intel;
using Label = Armillary.Emulation.Jit.X64.Label;

namespace Armillary.Tests.Jit;

/// <summary>Every form of the assembler, with every register, is what Iced reads.</summary>
public sealed class X64AssemblerTests
{
    private static readonly string[] s_wide = ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];
    private static readonly string[] s_narrow = ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d", "r15d"];
    private static readonly string[] s_words = ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8w", "r9w", "r10w", "r11w", "r12w", "r13w", "r14w", "r15w"];
    private static readonly string[] s_bytes = ["al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", "r8b", "r9b", "r10b", "r11b", "r12b", "r13b", "r14b", "r15b"];
    private static readonly int[] s_displacements = [0, 1, 127, 128, -128, -129, 0x1234, int.MinValue];

    [Fact]
    public void Two_registers()
    {
        foreach (Gpr a in Enum.GetValues<Gpr>())
        {
            foreach (Gpr b in Enum.GetValues<Gpr>())
            {
                foreach (bool wide in (bool[])[false, true])
                {
                    string x = Name(a, wide), y = Name(b, wide);
                    Is($"mov {x},{y}", c => c.Mov(a, b, wide));
                    foreach (Alu alu in Enum.GetValues<Alu>()) Is($"{Lower(alu)} {x},{y}", c => c.Op(alu, a, b, wide));
                    Is($"test {x},{y}", c => c.Test(a, b, wide));
                    Is($"imul {x},{y}", c => c.Imul(a, b, wide));
                    Is($"bsr {x},{y}", c => c.Bsr(a, b, wide));
                    foreach (Cc condition in Enum.GetValues<Cc>()) Is($"cmov{Lower(condition)} {x},{y}", c => c.Cmov(condition, a, b, wide));
                }

                Is($"movzx {s_narrow[(int)a]},{s_bytes[(int)b]}", c => c.MovzxByte(a, b));
                Is($"movzx {s_narrow[(int)a]},{s_words[(int)b]}", c => c.MovzxWord(a, b));
            }
        }
    }

    [Fact]
    public void A_register_and_a_number()
    {
        foreach (Gpr a in Enum.GetValues<Gpr>())
        {
            foreach (bool wide in (bool[])[false, true])
            {
                string x = Name(a, wide);
                foreach (Alu alu in Enum.GetValues<Alu>())
                {
                    Is($"{Lower(alu)} {x},127", c => c.Op(alu, a, 127, wide));
                    Is($"{Lower(alu)} {x},{Number(-128, wide)}", c => c.Op(alu, a, -128, wide));
                    Is($"{Lower(alu)} {x},128", c => c.Op(alu, a, 128, wide));
                    Is($"{Lower(alu)} {x},{Number(int.MinValue, wide)}", c => c.Op(alu, a, int.MinValue, wide));
                }

                Is($"test {x},7", c => c.Test(a, 7, wide));
                foreach (Shift shift in Enum.GetValues<Shift>())
                {
                    Is($"{Lower(shift)} {x},5", c => c.Shift(shift, a, 5, wide));
                    Is($"{Lower(shift)} {x},cl", c => c.Shift(shift, a, wide));
                }

                Is($"bt {x},8", c => c.Bt(a, 8, wide));
            }

            Is($"mov {s_narrow[(int)a]},0", c => c.Mov(a, 0L));
            Is($"mov {s_narrow[(int)a]},4294967295", c => c.Mov(a, uint.MaxValue));
            Is($"mov {s_wide[(int)a]},18446744073709551615", c => c.Mov(a, -1));
            Is($"mov {s_wide[(int)a]},1311768467463790320", c => c.Mov(a, 0x1234_5678_9abc_def0));
        }
    }

    [Fact]
    public void One_register()
    {
        foreach (Gpr a in Enum.GetValues<Gpr>())
        {
            foreach (bool wide in (bool[])[false, true])
            {
                string x = Name(a, wide);
                Is($"not {x}", c => c.Not(a, wide));
                Is($"neg {x}", c => c.Neg(a, wide));
                Is($"mul {x}", c => c.MultiplyHigh(a, signed: false, wide));
                Is($"imul {x}", c => c.MultiplyHigh(a, signed: true, wide));
                Is($"div {x}", c => c.Divide(a, signed: false, wide));
                Is($"idiv {x}", c => c.Divide(a, signed: true, wide));
                Is($"bswap {x}", c => c.Bswap(a, wide));
            }

            foreach (Cc condition in Enum.GetValues<Cc>()) Is($"set{Lower(condition)} {s_bytes[(int)a]}", c => c.Set(condition, a));
            Is($"push {s_wide[(int)a]}", c => c.Push(a));
            Is($"pop {s_wide[(int)a]}", c => c.Pop(a));
        }
    }

    [Fact]
    public void Memory()
    {
        foreach (Gpr b in Enum.GetValues<Gpr>())
        {
            foreach (int displacement in s_displacements)
            {
                var at = new Mem(b, displacement);
                string memory = Text(at);
                foreach (Gpr a in Enum.GetValues<Gpr>())
                {
                    string wideName = s_wide[(int)a], narrow = s_narrow[(int)a];
                    foreach (bool wide in (bool[])[false, true])
                    {
                        string x = Name(a, wide);
                        Is($"mov {x},{memory}", c => c.Mov(a, at, wide));
                        Is($"mov {memory},{x}", c => c.Mov(at, a, wide));
                        Is($"add {x},{memory}", c => c.Op(Alu.Add, a, at, wide));
                        Is($"imul {x},{memory}", c => c.Imul(a, at, wide));
                        Is($"movsx {x},byte {memory}", c => c.LoadSigned(a, at, 1, wide));
                        Is($"movsx {x},word {memory}", c => c.LoadSigned(a, at, 2, wide));
                    }

                    Is($"lea {wideName},{memory}", c => c.Lea(a, at));
                    Is($"movsxd {wideName},{memory}", c => c.LoadSigned(a, at, 4, wide: true));
                    Is($"mov {narrow},{memory}", c => c.LoadSigned(a, at, 4, wide: false));
                    Is($"movzx {narrow},byte {memory}", c => c.Load(a, at, 1));
                    Is($"movzx {narrow},word {memory}", c => c.Load(a, at, 2));
                    Is($"mov {narrow},{memory}", c => c.Load(a, at, 4));
                    Is($"mov {wideName},{memory}", c => c.Load(a, at, 8));
                    Is($"mov {memory},{s_bytes[(int)a]}", c => c.Store(at, a, 1));
                    Is($"mov {memory},{s_words[(int)a]}", c => c.Store(at, a, 2));
                    Is($"mov {memory},{narrow}", c => c.Store(at, a, 4));
                    Is($"mov {memory},{wideName}", c => c.Store(at, a, 8));
                    foreach ((int bytes, string name) in (ReadOnlySpan<(int, string)>)[(1, s_bytes[(int)a]), (2, s_words[(int)a]), (4, narrow), (8, wideName)])
                    {
                        Is($"lock xadd {memory},{name}", c => c.LockXadd(at, a, bytes));
                        Is($"xchg {name},{memory}", c => c.Xchg(at, a, bytes));
                        Is($"lock cmpxchg {memory},{name}", c => c.LockCmpxchg(at, a, bytes));
                    }

                    Is($"movdqu xmm{(int)a},{memory}", c => c.Load((Xmm)a, at));
                    Is($"movdqu {memory},xmm{(int)a}", c => c.Store(at, (Xmm)a));
                }

                foreach (bool wide in (bool[])[false, true])
                {
                    string size = wide ? "qword" : "dword";
                    Is($"mov {size} {memory},5", c => c.Mov(at, 5, wide));
                    Is($"cmp {size} {memory},0", c => c.Op(Alu.Cmp, at, 0, wide));
                    Is($"sub {size} {memory},1000", c => c.Op(Alu.Sub, at, 1000, wide));
                }
            }
        }
    }

    [Fact]
    public void Vectors_and_the_rest()
    {
        foreach (Gpr a in Enum.GetValues<Gpr>())
        {
            foreach (Xmm v in Enum.GetValues<Xmm>())
            {
                string x = s_wide[(int)a], y = $"xmm{(int)v}";
                Is($"movq {y},{x}", c => c.Mov(v, a));
                Is($"movq {x},{y}", c => c.Mov(a, v));
                Is($"pinsrq {y},{x},1", c => c.InsertHigh(v, a));
                Is($"pextrq {x},{y},1", c => c.ExtractHigh(a, v));
            }
        }

        Is("lahf", c => c.Lahf());
        Is("sahf", c => c.Sahf());
        Is("cmc", c => c.Cmc());
        Is("stc", c => c.Stc());
        Is("ret", c => c.Ret());
        Is("mfence", c => c.Mfence());
        Is("cdq", c => c.SignIntoRdx(wide: false));
        Is("cqo", c => c.SignIntoRdx(wide: true));
        Is("add al,127", c => c.AddAl(0x7f));
    }

    [Fact]
    public void Jumps_lead_to_labels_before_and_behind_them()
    {
        var code = new X64Assembler();
        Label back = new(), forth = new();
        code.Bind(back);
        code.J(Cc.NE, forth);
        code.Jmp(back);
        code.Bind(forth);
        code.Ret();
        Assert.Equal(["jne 11", "jmp 0", "ret"], Disassemble(code.Code));
    }

    private static string Name(Gpr register, bool wide) => (wide ? s_wide : s_narrow)[(int)register];

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    // As an operand of that width, without a sign.
    private static string Number(int value, bool wide) => (wide ? (ulong)(long)value : (uint)value).ToString(CultureInfo.InvariantCulture);

    private static string Text(Mem at) => at.Displacement == 0 ? $"[{s_wide[(int)at.Base]}]" : $"[{s_wide[(int)at.Base]}{(at.Displacement < 0 ? "-" : "+")}{Math.Abs((long)at.Displacement)}]";

    private static void Is(string expected, Action<X64Assembler> encode)
    {
        var code = new X64Assembler();
        encode(code);
        string found = Assert.Single(Disassemble(code.Code));
        Assert.Equal(expected, found);
    }

    private static List<string> Disassemble(ReadOnlySpan<byte> code)
    {
        var formatter = new NasmFormatter();
        formatter.Options.NumberBase = NumberBase.Decimal;
        formatter.Options.SignedImmediateOperands = false;
        formatter.Options.ShowBranchSize = false;
        var decoder = Decoder.Create(64, code.ToArray());
        var found = new List<string>();
        var output = new StringOutput();
        while (decoder.IP < (ulong)code.Length)
        {
            Instruction instruction = decoder.Decode();
            Assert.False(instruction.IsInvalid);
            formatter.Format(instruction, output);
            found.Add(output.ToStringAndReset());
        }

        return found;
    }
}
