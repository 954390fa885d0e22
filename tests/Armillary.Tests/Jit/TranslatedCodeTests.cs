using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Emulation;
using Armillary.Emulation.Cpu;
using Armillary.Tests.Engine;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Jit;

/// <summary>Translated code where it begins, ends and goes.</summary>
public sealed class TranslatedCodeTests : IDisposable
{
    private const ulong Code = 0x4000_0000, Size = 1 << 20;

    private readonly VirtualMachine _machine = new SoftwareBackend().CreateVirtualMachine();
    private readonly SoftwareVirtualCpu _cpu;

    public TranslatedCodeTests()
    {
        _machine.Memory.Map(Code, Size);
        _cpu = (SoftwareVirtualCpu)_machine.CreateVirtualCpu();
        _cpu.TrapDebugExceptions = true;
    }

    public void Dispose() => _machine.Dispose();

    // The flags of a jump to the second instruction are not those of the first.
    [Fact]
    public void Flags_behind_a_label_are_those_of_whoever_came()
    {
        Label back = new("back"), target = new("target"), done = new("done");
        Run(translateAll: true, Mov(X1, 0), Cmp(X1, 0), B(target), back, Cmp(X1, 5), target, B(Condition.Eq, done), Mov(X2, 1), B(back), done, Brk());
        Assert.Equal(0ul, _cpu.GetX(2));
    }

    // What stands behind a return is not what comes after it.
    [Fact]
    public void Flags_go_along_with_a_return()
    {
        Label function = new("function"), equal = new("equal");
        Run(translateAll: true, [Mov(X1, 0), Bl(function), B(Condition.Eq, equal), Brk(1), function, Cmp(X1, 0), Ret(), equal, Cmp(X1, 5), Mov(X2, 1), .. Enough, Brk(2)]);
        Assert.Equal(1ul, _cpu.GetX(2));
    }

    // A request that comes before a call finds the call undone, its link register too.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_call_that_is_put_off_has_written_nothing(bool isIndirect)
    {
        Label function = new("function"), start = new("start");
        _cpu.MmioHandler = new Requests(_cpu);
        _cpu.SetX(2, 0x900_0000);
        _cpu.SetX(5, Code + 4);
        _cpu.SetX(30, 0x1234);
        int words = Write(Code, [B(start), function, .. Enough, Brk(3), start, Str(X1, Mem(X2)), isIndirect ? Blr(X5) : Bl(function)]);
        for (int i = 0; i < words; i++) _cpu.Translate(Code + (4 * (ulong)i));
        _cpu.Pc = Code;
        Assert.Equal(VmExitReason.Canceled, _cpu.Run().Reason);
        ulong call = Code + (4 * (ulong)(words - 1));
        Assert.Equal((call, 0x1234ul), (_cpu.Pc, _cpu.GetX(30)));
        Assert.Equal(ExceptionClass.Brk64, _cpu.Run().ExceptionClass);
        Assert.Equal((call - 8, call + 4), (_cpu.Pc, _cpu.GetX(30)));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    [InlineData(100_000)]
    public void Instructions_are_counted_exactly(int rounds)
    {
        Label loop = new("loop"), odd = new("odd");
        Run(translateAll: false, Movz(X0, rounds & 0xffff), Movk(X0, rounds >> 16, 16), loop, Tbz(X0, 0, odd), Add(X1, X1, 1), odd, Sub(X0, X0, 1), Cbnz(X0, loop), Brk());
        Assert.Equal((ulong)(rounds / 2), _cpu.GetX(1));
        Assert.Equal(2 + (3 * (ulong)rounds) + (ulong)(rounds / 2), _cpu.InstructionCount);
        if (SoftwareSubject.IsTranslating) Assert.Equal(rounds > Emulation.Jit.Region.HeatPeriod, _cpu.TranslatedBytes > 0);
    }

    // Returns lead behind the call that was made, and elsewhere when the link register says so.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Calls_return_to_where_they_came_from(bool translateAll)
    {
        Label fibonacci = new("fibonacci"), small = new("small"), elsewhere = new("elsewhere");
        Run(translateAll, Movz(X1, 0x4008, 16), Mov(Sp, X1), Mov(X0, 15), Bl(fibonacci), Mov(X5, X0), Mov(X0, 10), Bl(fibonacci), Mov(X6, X0), Adr(X30, elsewhere), Mov(X0, 1), B(fibonacci), Brk(1),
            fibonacci, Cmp(X0, 2), B(Condition.Lo, small), Stp(X0, X30, PreIndex(Sp, -16)), Sub(X0, X0, 1), Bl(fibonacci), Ldr(X1, Mem(Sp)), Str(X0, Mem(Sp)), Sub(X0, X1, 2), Bl(fibonacci),
            Ldp(X1, X30, PostIndex(Sp, 16)), Add(X0, X0, X1), small, Ret(), elsewhere, Mov(X7, X0), Brk(2));
        Assert.Equal((610ul, 55ul, 1ul, 0x4008_0000ul), (_cpu.GetX(5), _cpu.GetX(6), _cpu.GetX(7), _cpu.Sp));
        using VirtualMachine interpreter = new SoftwareBackend(new SoftwareOptions { TranslatesCode = false }).CreateVirtualMachine();
        interpreter.Memory.Map(Code, Size);
        byte[] code = new byte[4096];
        _machine.Memory.Read(Code, code);
        interpreter.Memory.Write(Code, code);
        VirtualCpu other = interpreter.CreateVirtualCpu();
        other.TrapDebugExceptions = true;
        other.Pc = Code;
        Assert.Equal(ExceptionClass.Brk64, other.Run().ExceptionClass);
        Assert.Equal(other.InstructionCount, _cpu.InstructionCount);
    }

    // A loop writes the instruction that it executes next, and says so as the architecture wants it said.
    [Fact]
    public void A_loop_that_changes_itself_does_what_it_says_now()
    {
        Label loop = new("loop"), changed = new("changed");
        Run(translateAll: true, Adr(X1, changed), Movz(X0, 500), Movz(X4, 0x0042, 0), Movk(X4, 0xd280, 16), // movz x2, #2
            loop, Str(W4, Mem(X1)), Dc(DcOp.CVAU, X1), Dsb(BarrierOption.Ish), Ic(IcOp.IVAU, X1), Dsb(BarrierOption.Ish), Isb(), changed, Movz(X2, 1), Add(X3, X3, X2),
            Eor(X4, X4, 0x20), Sub(X0, X0, 1), Cbnz(X0, loop), Brk()); // movz x2, #3, and back
        Assert.Equal((250ul * 2) + (250 * 3), _cpu.GetX(3));
    }

    // 200 loops of a page each, in memory for a few: all go, again and again.
    [Fact]
    public void Memory_for_code_is_bounded()
    {
        const int Loops = 200, Limit = 2048;
        _cpu.CodeMemorySize = Limit;
        for (int i = 0; i < Loops; i++)
        {
            Label loop = new("loop");
            Write(Code + (4096 * (ulong)(i + 1)), Movz(X0, 3000), loop, Add(X1, X1, X0), Sub(X0, X0, 1), Cbnz(X0, loop), Add(X2, X2, 0x1000), i == Loops - 1 ? Brk() : Br(X2));
        }

        Run(translateAll: false, Movz(X2, 0x4000, 16), Add(X2, X2, 0x1000), Br(X2));
        Assert.Equal((ulong)(Loops * (3000L * 3001 / 2)), _cpu.GetX(1));
        if (SoftwareSubject.IsTranslating) Assert.InRange(_cpu.TranslatedBytes, 1, Limit);
    }

    [Fact]
    public void Nothing_is_translated_where_that_is_not_wanted()
    {
        using VirtualMachine machine = new SoftwareBackend(new SoftwareOptions { TranslatesCode = false }).CreateVirtualMachine();
        machine.Memory.Map(Code, Size);
        var cpu = (SoftwareVirtualCpu)machine.CreateVirtualCpu();
        Label loop = new("loop");
        machine.Memory.Write(Code, MemoryMarshal.AsBytes<uint>(Assemble(Movz(X0, 5000), loop, Sub(X0, X0, 1), Cbnz(X0, loop), Hvc(0))));
        cpu.Pc = Code;
        Assert.Equal(ExceptionClass.Hvc64, cpu.Run().ExceptionClass);
        Assert.Equal(0, cpu.TranslatedBytes);
    }

    // A region is refused that leaves too often for its length.
    private static Instruction[] Enough => [.. Enumerable.Repeat(Add(X9, X9, 1), 16)];

    private void Run(bool translateAll, params ReadOnlySpan<Instruction> program)
    {
        int words = Write(Code, program);
        for (int i = 0; translateAll && i < words; i++) _cpu.Translate(Code + (4 * (ulong)i));
        _cpu.Pc = Code;
        Assert.Equal(ExceptionClass.Brk64, _cpu.Run(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token).ExceptionClass);
    }

    private int Write(ulong address, params ReadOnlySpan<Instruction> program)
    {
        uint[] words = Assemble(program);
        _machine.Memory.Write(address, MemoryMarshal.AsBytes<uint>(words));
        return words.Length;
    }

    private sealed class Requests(VirtualCpu cpu) : IMmioHandler
    {
        public bool Read(ulong gpa, int size, out ulong value)
        {
            value = 0;
            return true;
        }

        public bool Write(ulong gpa, int size, ulong value)
        {
            cpu.RequestExit();
            return true;
        }
    }
}
