using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Ir;

namespace Armillary.Tests.Engine;

/// <summary>Makes the steps of a software CPU go through IR.</summary>
internal static class IrStepping
{
    public static unsafe void Use(SoftwareVirtualCpu cpu, VirtualMachine machine)
    {
        var interpreter = new IrInterpreter(cpu);
        cpu.StepWith = op =>
        {
            ulong pc = op->Operands.Pc;
            uint word = machine.Memory.Read<uint>(pc);
            Row row = DecodeTable.Decode(word, pc, cpu.Model, cpu.Code.IsGuarded(op), out Operands operands);
            var buffer = new IrBuffer();
            row.Translate(buffer, operands);
            cpu.Decode(op);
            return interpreter.Execute(buffer, op);
        };
    }
}
