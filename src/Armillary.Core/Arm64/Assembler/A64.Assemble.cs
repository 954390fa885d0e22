namespace Armillary.Arm64;

/// <content>From a program with labels to words.</content>
public static partial class A64
{
    /// <summary>A place by its distance in bytes from the instruction: <c>B(Here())</c> branches to itself.</summary>
    public static Target Here(long distance = 0) => new(distance);

    /// <summary>The low 12 bits of a label's address, to follow ADRP: <c>Adrp(X0, data), Add(X0, X0, Low12(data))</c>.</summary>
    public static PageOffset Low12(Label label) => new(label);

    /// <summary>Resolves the labels of a program that runs wherever it is put, and gives its words.</summary>
    /// <exception cref="AssemblyException">A label is not bound, bound twice, out of reach, or needs the program's address.</exception>
    public static uint[] Assemble(params ReadOnlySpan<Instruction> program) => Assemble(null, program);

    /// <summary>Resolves the labels of a program that will be at an address, and gives its words.</summary>
    /// <param name="address">The address of the first word, a multiple of 4; ADRP and <see cref="Low12"/> need it.</param>
    /// <param name="program">The program.</param>
    /// <exception cref="ArgumentException">The address is not a multiple of 4.</exception>
    /// <exception cref="AssemblyException">A label is not bound, bound twice or out of reach.</exception>
    public static uint[] Assemble(ulong address, ReadOnlySpan<Instruction> program)
        => address % 4 == 0 ? Assemble((ulong?)address, program)
            : throw new ArgumentException($"Instructions start at a multiple of 4, not at 0x{address:x}.", nameof(address));

    private static uint[] Assemble(ulong? address, ReadOnlySpan<Instruction> program)
    {
        var bindings = new Dictionary<Label, int>();
        int count = 0;
        foreach (Instruction instruction in program)
        {
            if (!instruction.BindsLabel)
            {
                count++;
            }
            else if (!bindings.TryAdd(instruction.Label!, count * 4))
            {
                throw new AssemblyException($"Label '{instruction.Label}' is bound twice, at offsets 0x{bindings[instruction.Label!]:x} and 0x{count * 4:x}.", instruction.Label!, count * 4);
            }
        }

        uint[] words = new uint[count];
        int index = 0;
        foreach (Instruction instruction in program)
        {
            if (instruction.BindsLabel) continue;
            words[index] = instruction.Word | (instruction.Label is null ? 0 : Resolve(instruction, index * 4, bindings, address));
            index++;
        }

        return words;
    }

    private static uint Resolve(Instruction instruction, int offset, Dictionary<Label, int> bindings, ulong? address)
    {
        Label label = instruction.Label!;
        if (!bindings.TryGetValue(label, out int bound))
        {
            throw new AssemblyException($"Label '{label}', used at offset 0x{offset:x}, is not bound: put it into the program where it is to stand.", label, offset);
        }

        long distance = bound - offset;
        if (instruction.Fixup is Fixup.Pages21 or Fixup.Low12)
        {
            if (address is not ulong start)
            {
                throw new AssemblyException($"ADRP and the low 12 bits of label '{label}', used at offset 0x{offset:x}, depend on where the program is: give its address to Assemble.", label, offset);
            }

            ulong target = start + (ulong)bound;
            if (instruction.Fixup == Fixup.Low12) return (uint)(target & 0xfff) << 10;
            distance = (long)((target & ~0xffful) - ((start + (ulong)offset) & ~0xffful));
        }

        if (TryPlace(instruction.Fixup, distance, out uint field)) return field;
        (long min, long max, _) = Reach(instruction.Fixup);
        throw new AssemblyException($"Label '{label}' is {distance} bytes from the instruction at offset 0x{offset:x}, which reaches from {min} to {max}.", label, offset, distance);
    }

    private static Instruction To(uint word, Fixup fixup, Target target)
    {
        if (target.Label is not null) return new Instruction(word, fixup, target.Label);
        if (TryPlace(fixup, target.Distance, out uint field)) return new Instruction(word | field);
        (long min, long max, long step) = Reach(fixup);
        throw new ArgumentOutOfRangeException(nameof(target), target.Distance, $"The distance must be a multiple of {step} from {min} to {max}.");
    }

    private static bool TryPlace(Fixup fixup, long distance, out uint field)
    {
        (long min, long max, long step) = Reach(fixup);
        field = 0;
        if (distance < min || distance > max || distance % step != 0) return false;
        uint units = (uint)(distance / step);
        field = fixup switch
        {
            Fixup.Words26 => units & 0x3ff_ffff,
            Fixup.Words19 => (units & 0x7_ffff) << 5,
            Fixup.Words14 => (units & 0x3fff) << 5,
            _ => ((units & 3) << 29) | ((units >> 2 & 0x7_ffff) << 5),
        };
        return true;
    }

    private static (long Min, long Max, long Step) Reach(Fixup fixup)
    {
        (int bits, long step) = fixup switch
        {
            Fixup.Words26 => (26, 4L),
            Fixup.Words19 => (19, 4L),
            Fixup.Words14 => (14, 4L),
            Fixup.Bytes21 => (21, 1L),
            Fixup.Pages21 => (21, 4096L),
            _ => throw new InvalidOperationException($"{fixup} is not a distance."),
        };
        long half = step << (bits - 1);
        return (-half, half - step, step);
    }
}
