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
            uint word = machine.Memory.Read<uint>(op->Operands.Pc);
            Row row = DecodeTable.Decode(word, op->Operands.Pc, out Operands operands);
            var buffer = new IrBuffer();
            row.Translate(buffer, operands);
            cpu.Decode(op);
            return interpreter.Execute(buffer, op);
        };
    }
}
