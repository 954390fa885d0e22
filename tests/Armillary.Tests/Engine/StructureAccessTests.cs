using Armillary.Arm64;
using Armillary.Emulation;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Instructions.Simd;

namespace Armillary.Tests.Engine;

/// <summary>LD1 to LD4 and ST1 to ST4 where not all of the memory is memory.</summary>
public sealed class StructureAccessTests
{
    private const ulong Code = 0x4000_0000, Vectors = 0x4000_1000, Data = 0x5000_0000, Device = 0x0900_0000;
    private const ulong LastPage = 0xffff_ffff_f000; // of 48 bits
    private const uint St4PostIndex = 0x4c9f_0000, Ld4PostIndex = 0x4cdf_0000, Ld4 = 0x4c40_0000, St4 = 0x4c00_0000, Ld1FourHalfwords = 0x0c40_7400;
    private const uint St4OneByte = 0x0d20_2000;

    public static TheoryData<Execution> Executions => [.. new[] { Execution.Interpreter, Execution.Stepping, Execution.Ir }];

    [Theory]
    [MemberData(nameof(Executions))]
    public void A_store_whose_end_faults_stores_nothing(Execution execution)
    {
        using VirtualMachine machine = Create(St4PostIndex, execution, out SoftwareVirtualCpu cpu);
        cpu.SetX(0, LastPage + 4096 - 32);
        for (int i = 0; i < 4; i++) cpu.SetV(i, UInt128.MaxValue);
        ExpectDataAbort(cpu, execution, LastPage + 4096, isWrite: true);
        Assert.Equal(LastPage + 4096 - 32, cpu.GetX(0));
        Assert.Equal(UInt128.Zero, machine.Memory.Read<UInt128>(LastPage + 4096 - 32));
    }

    [Theory]
    [MemberData(nameof(Executions))]
    public void A_load_whose_end_faults_changes_no_register(Execution execution)
    {
        using VirtualMachine machine = Create(Ld4PostIndex, execution, out SoftwareVirtualCpu cpu);
        cpu.SetX(0, LastPage + 4096 - 48);
        for (int i = 0; i < 4; i++) cpu.SetV(i, UInt128.MaxValue);
        ExpectDataAbort(cpu, execution, LastPage + 4096, isWrite: false);
        Assert.Equal(LastPage + 4096 - 48, cpu.GetX(0));
        for (int i = 0; i < 4; i++) Assert.Equal(UInt128.MaxValue, cpu.GetV(i));
    }

    [Theory]
    [MemberData(nameof(Executions))]
    public void One_lane_of_four_registers_is_stored_whole_or_not_at_all(Execution execution)
    {
        using VirtualMachine machine = Create(St4OneByte, execution, out SoftwareVirtualCpu cpu);
        cpu.SetX(0, LastPage + 4096 - 2);
        for (int i = 0; i < 4; i++) cpu.SetV(i, UInt128.MaxValue);
        ExpectDataAbort(cpu, execution, LastPage + 4096, isWrite: true);
        Assert.Equal(0, machine.Memory.Read<ushort>(LastPage + 4096 - 2));
    }

    [Theory]
    [MemberData(nameof(Executions))]
    public void A_structure_is_aligned_to_its_elements(Execution execution)
    {
        using VirtualMachine machine = Create(Ld1FourHalfwords, execution, out SoftwareVirtualCpu cpu);
        machine.Memory.Write(Data + 2, 0x1122_3344_5566_7788ul);
        cpu.SetX(0, Data + 2);
        Finish(cpu, execution);
        Assert.Equal(Code + 4, cpu.Pc);
        Assert.Equal((UInt128)0x1122_3344_5566_7788ul, cpu.GetV(0));

        cpu.Pc = Code;
        cpu.SetX(0, Data + 1);
        ExpectDataAbort(cpu, execution, Data + 1, isWrite: false, status: 0b100001);
    }

    [Theory]
    [MemberData(nameof(Executions))]
    public void A_device_sees_every_element_once_and_in_order(Execution execution)
    {
        var device = new Recorder();
        using VirtualMachine machine = Create(Ld4, execution, out SoftwareVirtualCpu cpu);
        cpu.MmioHandler = device;
        cpu.SetX(0, Device);
        Finish(cpu, execution);
        Assert.Equal(Enumerable.Range(0, 64).Select(static i => (Device + (ulong)i, 1, false)), device.Accesses);
        Assert.Equal(new UInt128(0x3c38_3430_2c28_2420, 0x1c18_1410_0c08_0400), cpu.GetV(0));
        Assert.Equal(new UInt128(0x3f3b_3733_2f2b_2723, 0x1f1b_1713_0f0b_0703), cpu.GetV(3));

        device.Accesses.Clear();
        machine.Memory.Write(Code, St4);
        cpu.Pc = Code;
        Finish(cpu, execution);
        Assert.Equal(Enumerable.Range(0, 64).Select(static i => (Device + (ulong)i, 1, true)), device.Accesses);
    }

    [Fact]
    public void A_run_that_ends_at_each_element_goes_on_where_it_was()
    {
        using VirtualMachine machine = Create(Ld4, Execution.Interpreter, out SoftwareVirtualCpu cpu);
        cpu.SetX(0, Device);
        for (int i = 0; i < 64; i++)
        {
            VmExit exit = cpu.Run();
            Assert.Equal((VmExitReason.Mmio, Device + (ulong)i, 1), (exit.Reason, exit.PhysicalAddress, exit.Size));
            cpu.CompleteMmioRead((ulong)i);
        }

        Finish(cpu, Execution.Interpreter);
        Assert.Equal(new UInt128(0x3c38_3430_2c28_2420, 0x1c18_1410_0c08_0400), cpu.GetV(0));
    }

    [Fact]
    public void Polynomials_have_the_same_product_with_and_without_an_instruction_of_the_host()
    {
        const uint Pmull = 0x0ee2_e020; // pmull v0.1q, v1.1d, v2.1d
        using VirtualMachine machine = Create(Pmull, Execution.Interpreter, out SoftwareVirtualCpu cpu);
        var random = new Random(3);
        for (int i = 0; i < 100; i++)
        {
            ulong x = (ulong)random.NextInt64(long.MinValue, long.MaxValue), y = (ulong)random.NextInt64(long.MinValue, long.MaxValue);
            cpu.SetV(1, x);
            cpu.SetV(2, y);
            cpu.Pc = Code;
            Finish(cpu, Execution.Interpreter);
            System.Runtime.Intrinsics.Vector128<ulong> expected = MultiplyPolynomialLong.Multiply(x, y);
            Assert.Equal(new UInt128(expected[1], expected[0]), cpu.GetV(0));
        }
    }

    private static VirtualMachine Create(uint word, Execution execution, out SoftwareVirtualCpu cpu)
    {
        VirtualMachine machine = new SoftwareBackend().CreateVirtualMachine();
        machine.Memory.Map(Code, 0x2000);
        machine.Memory.Map(Data, 0x1000);
        machine.Memory.Map(LastPage, 0x1000);
        const uint Brk = 0xd420_0000;
        for (ulong at = 0; at < 0x2000; at += 4) machine.Memory.Write(Code + at, Brk);
        machine.Memory.Write(Code, word);
        cpu = (SoftwareVirtualCpu)machine.CreateVirtualCpu();
        cpu.TrapDebugExceptions = true;
        cpu.Pstate = Pstate.Daif | Pstate.EL1h;
        cpu.SetSystemRegister(SystemRegister.VBAR_EL1, Vectors);
        cpu.SetSystemRegister(SystemRegister.CPACR_EL1, 3 << 20);
        cpu.Pc = Code;
        if (execution == Execution.Ir) IrStepping.Use(cpu, machine);
        return machine;
    }

    // To the BRK behind the instruction, or that of a vector.
    private static void Finish(SoftwareVirtualCpu cpu, Execution execution)
    {
        VmExit exit = execution == Execution.Interpreter ? cpu.Run() : cpu.Step();
        ExceptionClass expected = execution == Execution.Interpreter ? ExceptionClass.Brk64 : ExceptionClass.SoftwareStepLower;
        Assert.Equal((VmExitReason.Exception, expected), (exit.Reason, exit.ExceptionClass));
    }

    private static void ExpectDataAbort(SoftwareVirtualCpu cpu, Execution execution, ulong address, bool isWrite, uint status = 0)
    {
        Finish(cpu, execution);
        Assert.Equal(Vectors + 0x200, cpu.Pc);
        Assert.Equal(Code, cpu.GetSystemRegister(SystemRegister.ELR_EL1));
        Assert.Equal(address, cpu.GetSystemRegister(SystemRegister.FAR_EL1));
        ulong syndrome = cpu.GetSystemRegister(SystemRegister.ESR_EL1);
        Assert.Equal((0x25ul, isWrite ? 1ul : 0ul, (ulong)status), (syndrome >> 26, (syndrome >> 6) & 1, syndrome & 0x3f));
    }

    private sealed class Recorder : IMmioHandler
    {
        public List<(ulong Address, int Size, bool IsWrite)> Accesses { get; } = [];

        public bool Read(ulong gpa, int size, out ulong value)
        {
            Accesses.Add((gpa, size, false));
            value = gpa - Device;
            return true;
        }

        public bool Write(ulong gpa, int size, ulong value)
        {
            Accesses.Add((gpa, size, true));
            Assert.Equal(gpa - Device, value);
            return true;
        }
    }
}
