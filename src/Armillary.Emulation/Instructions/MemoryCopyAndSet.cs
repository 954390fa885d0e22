using Armillary.Arm64;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Instructions;

/// <summary>
/// Copies and sets of memory in three instructions, a prologue, a main part and an epilogue: FEAT_MOPS (Arm ARM C6.2, CPYP to SETE).
/// </summary>
/// <remarks>
/// The CPU is one of option A, as QEMU's is, and divides the work as QEMU does: a prologue goes to the end of the first page that it
/// meets, the main part leaves less than a page, the epilogue does the rest and refuses a page or more. A block that overlaps its
/// destination from below is copied downwards. The registers say at any time what is left, so that a fault or an interrupt in
/// the middle needs nothing more: the instruction is executed again.
/// </remarks>
internal static class MemoryCopyAndSet
{
    private const ulong Page = CodePage.Size;

    public static Row[] Rows() =>
    [
        .. Copies<Forward>("CPYF", "00011001"), .. Copies<Either>("CPY", "00011101"),
        new RowOf<Set<Prologue>> { Pattern = "00011001110mmmmm00kj01nnnnnttttt", Name = "SETP", Text = "setp{?j:t}{?k:n} [{t}]!, {n}!, {m}" },
        new RowOf<Set<Main>> { Pattern = "00011001110mmmmm01kj01nnnnnttttt", Name = "SETM", Text = "setm{?j:t}{?k:n} [{t}]!, {n}!, {m}" },
        new RowOf<Set<Epilogue>> { Pattern = "00011001110mmmmm10kj01nnnnnttttt", Name = "SETE", Text = "sete{?j:t}{?k:n} [{t}]!, {n}!, {m}" },
    ];

    private static Row[] Copies<TDirection>(string name, string code) where TDirection : struct, IDirection =>
    [
        new RowOf<Copy<TDirection, Prologue>> { Pattern = $"{code}000mmmmmiiii01nnnnnttttt", Name = name + "P", Text = name.ToLowerInvariant() + "p{copyoptions} [{t}]!, [{m}]!, {n}!" },
        new RowOf<Copy<TDirection, Main>> { Pattern = $"{code}010mmmmmiiii01nnnnnttttt", Name = name + "M", Text = name.ToLowerInvariant() + "m{copyoptions} [{t}]!, [{m}]!, {n}!" },
        new RowOf<Copy<TDirection, Epilogue>> { Pattern = $"{code}100mmmmmiiii01nnnnnttttt", Name = name + "E", Text = name.ToLowerInvariant() + "e{copyoptions} [{t}]!, [{m}]!, {n}!" },
    ];

    private interface IDirection
    {
        static abstract bool IsEither { get; }
    }

    private readonly struct Forward : IDirection
    {
        static bool IDirection.IsEither => false;
    }

    private readonly struct Either : IDirection
    {
        static bool IDirection.IsEither => true;
    }

    private interface IPhase
    {
        static abstract bool IsPrologue { get; }

        static abstract bool IsEpilogue { get; }
    }

    private readonly struct Prologue : IPhase
    {
        static bool IPhase.IsPrologue => true;

        static bool IPhase.IsEpilogue => false;
    }

    private readonly struct Main : IPhase
    {
        static bool IPhase.IsPrologue => false;

        static bool IPhase.IsEpilogue => false;
    }

    private readonly struct Epilogue : IPhase
    {
        static bool IPhase.IsPrologue => false;

        static bool IPhase.IsEpilogue => true;
    }

    private readonly struct Copy<TDirection, TPhase> : IInstruction where TDirection : struct, IDirection where TPhase : struct, IPhase
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.Call<CopyBlock<TDirection, TPhase>>(o, m.Imm<X>(0), out _);

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Option = (byte)Bits.Field(word, 15, 12);
            return o.Rd != o.Rm && o.Rd != o.Rn && o.Rm != o.Rn && o.Rd != 31 && o.Rm != 31 && o.Rn != 31;
        }
    }

    private readonly struct Set<TPhase> : IInstruction where TPhase : struct, IPhase
    {
        static void IInstruction.Execute<M, T, X>(ref M m, in Operands o) => m.Call<SetBlock<TPhase>>(o, m.Imm<X>(0), out _);

        static bool IInstruction.Decode(uint word, ref Operands o)
        {
            o.Option = (byte)Bits.Field(word, 13, 12);
            return o.Rd != o.Rm && o.Rd != o.Rn && o.Rm != o.Rn && o.Rd != 31 && o.Rn != 31;
        }
    }

    // The registers' values, by option A: behind the prologue a forward block is named by its end and the negative of what is left.
    private unsafe struct Block
    {
        public SoftwareVirtualCpu Cpu;
        public byte To, From, Size;   // register slots
        public bool IsCopy, IsPrologue, IsBackward;
        public ulong Left, ToAddress, FromAddress; // of the lowest bytes that are left, or with IsBackward of the highest

        // What the registers say when so many more bytes are done.
        public readonly ulong SizeBehind(ulong done) => IsPrologue || IsBackward ? Left - done : done - Left;

        public readonly ulong AddressBehind(ulong address, byte slot, ulong done) => IsPrologue && !IsBackward ? address + done : Cpu.State->X[slot];

        public void Advance(ulong done)
        {
            ulong step = IsBackward ? 0 - done : done;
            Left -= done;
            ToAddress += step;
            FromAddress += step;
            Store();
        }

        public readonly void Store()
        {
            CpuState* state = Cpu.State;
            state->X[Size] = SizeBehind(0);
            if (!IsPrologue || IsBackward) return;
            state->X[To] = ToAddress;
            if (IsCopy) state->X[From] = FromAddress;
        }
    }

    private readonly unsafe struct CopyBlock<TDirection, TPhase> : IHelper where TDirection : struct, IDirection where TPhase : struct, IPhase
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            if (!IsEnabled(cpu)) return cpu.TakeUndefined(o);
            CpuState* state = cpu.State;
            var block = new Block { Cpu = cpu, To = o.Rd, From = o.Rm, Size = o.Rn, IsCopy = true, IsPrologue = TPhase.IsPrologue };
            ulong to = state->X[o.Rd], from = state->X[o.Rm], size = state->X[o.Rn];
            if (TPhase.IsPrologue)
            {
                size = Math.Min(size, TDirection.IsEither ? ulong.MaxValue >> 9 : ulong.MaxValue >> 1);
                block.IsBackward = TDirection.IsEither && IsFromBelow(from, to, size);
                block.Left = size;
            }
            else
            {
                if (size == 0) return HelperOutcome.Continue;
                if (state->C != 0) return TakeMismatch(cpu, o, TPhase.IsEpilogue, isSet: false, isWrongOption: true);
                block.IsBackward = TDirection.IsEither && (long)size > 0;
                block.Left = block.IsBackward ? size : 0 - size;
                if (TPhase.IsEpilogue && block.Left >= Page) return TakeMismatch(cpu, o, isEpilogue: true, isSet: false, isWrongOption: false);
            }

            ulong start = TPhase.IsPrologue || block.IsBackward ? 0 : size;
            ulong last = block.IsBackward ? block.Left - 1 : 0;
            (block.ToAddress, block.FromAddress) = (to + start + last, from + start + last);
            const AccessKind Read = AccessKind.Read, Write = AccessKind.Write;
            AccessKind read = (o.Option & 2) != 0 ? Read | AccessKind.Unprivileged : Read, write = (o.Option & 1) != 0 ? Write | AccessKind.Unprivileged : Write;
            HelperOutcome outcome = Move(ref block, read, write, 0, TPhase.IsEpilogue, o.Pc);
            if (outcome == HelperOutcome.Continue && TPhase.IsPrologue) EndPrologue(block);
            return outcome;
        }

        // The destination starts inside the source: addresses count by 56 bits.
        private static bool IsFromBelow(ulong from, ulong to, ulong size)
        {
            const ulong Mask = ulong.MaxValue >> 8;
            return (from & Mask) < (to & Mask) && ((from + size) & Mask) > (to & Mask);
        }
    }

    private readonly unsafe struct SetBlock<TPhase> : IHelper where TPhase : struct, IPhase
    {
        static HelperOutcome IHelper.Invoke(SoftwareVirtualCpu cpu, in Operands o, ulong argument, out ulong result)
        {
            result = 0;
            if (!IsEnabled(cpu)) return cpu.TakeUndefined(o);
            CpuState* state = cpu.State;
            ulong to = state->X[o.Rd], size = state->X[o.Rn];
            var block = new Block { Cpu = cpu, To = o.Rd, From = o.Rm, Size = o.Rn, IsPrologue = TPhase.IsPrologue, ToAddress = to };
            if (TPhase.IsPrologue)
            {
                block.Left = Math.Min(size, ulong.MaxValue >> 1);
            }
            else
            {
                if (size == 0) return HelperOutcome.Continue;
                if (state->C != 0) return TakeMismatch(cpu, o, TPhase.IsEpilogue, isSet: true, isWrongOption: true);
                block.Left = 0 - size;
                block.ToAddress = to + size;
                if (TPhase.IsEpilogue && block.Left >= Page) return TakeMismatch(cpu, o, isEpilogue: true, isSet: true, isWrongOption: false);
            }

            AccessKind write = (o.Option & 1) != 0 ? AccessKind.Write | AccessKind.Unprivileged : AccessKind.Write;
            HelperOutcome outcome = Move(ref block, AccessKind.Read, write, (byte)state->X[o.Rm], TPhase.IsEpilogue, o.Pc);
            if (outcome == HelperOutcome.Continue && TPhase.IsPrologue) EndPrologue(block);
            return outcome;
        }
    }

    // The part of a block that is the phase's: never more than a page before others are looked to.
    private static HelperOutcome Move(ref Block block, AccessKind read, AccessKind write, byte value, bool isEpilogue, ulong pc)
    {
        ulong part = block.IsPrologue ? Math.Min(block.Left, RoomOf(block))
            : isEpilogue ? block.Left
            : block.IsCopy ? block.Left - Math.Min(block.Left, Page - 1) : block.Left & ~(Page - 1);
        if (block.IsPrologue) block.Store();
        while (part != 0)
        {
            // The main part of a copy may end below a page; that of a set leaves what is beyond whole pages.
            ulong done = block.IsCopy && !block.IsPrologue ? block.Left : part;
            HelperOutcome outcome = block.IsCopy
                ? block.Cpu.CopyPiece(block.FromAddress, block.ToAddress, ref done, block.IsBackward, read, write, pc)
                : block.Cpu.FillPiece(block.ToAddress, value, ref done, write, pc);
            if (outcome == HelperOutcome.MoveByte) WantByte(block, read, write, value);
            if (outcome != HelperOutcome.Continue) return outcome;
            block.Advance(done);
            part -= Math.Min(part, done);
            if (part != 0 && block.Cpu.IsWantedElsewhere) return HelperOutcome.Again;
        }

        return HelperOutcome.Continue;
    }

    private static ulong RoomOf(in Block block)
    {
        ulong room = RoomAt(block.ToAddress, block.IsBackward);
        return block.IsCopy ? Math.Min(room, RoomAt(block.FromAddress, block.IsBackward)) : room;
    }

    private static ulong RoomAt(ulong address, bool backward) => backward ? (address & (Page - 1)) + 1 : Page - (address & (Page - 1));

    private static void WantByte(in Block block, AccessKind read, AccessKind write, byte value)
    {
        ulong? from = block.IsCopy ? block.FromAddress : null;
        (byte, ulong) size = (block.Size, block.SizeBehind(1)), to = (block.To, block.AddressBehind(block.ToAddress, block.To, 1));
        block.Cpu.WantByte(block.ToAddress, from, value, read, write, size, to, block.IsCopy ? (block.From, block.AddressBehind(block.FromAddress, block.From, 1)) : to);
    }

    // Option A: PSTATE.NZCV is 0000.
    private static unsafe void EndPrologue(in Block block)
    {
        CpuState* state = block.Cpu.State;
        (state->N, state->Z, state->C, state->V) = (0, 1, 0, 0);
        if (block.IsBackward) return;
        state->X[block.To] = block.ToAddress + block.Left;
        if (block.IsCopy) state->X[block.From] = block.FromAddress + block.Left;
        state->X[block.Size] = 0 - block.Left;
    }

    // SCTLR_EL1.MSCEn lets EL0 have them.
    private static bool IsEnabled(SoftwareVirtualCpu cpu) => cpu.ExceptionLevel != 0 || (cpu.Registers[SystemRegister.SCTLR_EL1] & (1ul << 33)) != 0;

    // ISS of EC 0x27 (D24.2.40).
    private static HelperOutcome TakeMismatch(SoftwareVirtualCpu cpu, in Operands o, bool isEpilogue, bool isSet, bool isWrongOption)
    {
        const uint MemInst = 1 << 24, FromEpilogue = 1 << 18, WrongOption = 1 << 17, OptionA = 1 << 16;
        uint specific = OptionA | ((uint)o.Option << 19) | ((uint)o.Rd << 10) | ((uint)o.Rm << 5) | o.Rn;
        if (isSet) specific |= MemInst;
        if (isEpilogue) specific |= FromEpilogue;
        if (isWrongOption) specific |= WrongOption;
        cpu.TakeException(ExceptionClass.MemoryCopyOrSet, specific, o.Pc);
        return HelperOutcome.Exception;
    }
}
