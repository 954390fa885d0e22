using Armillary.Arm64;
using static Armillary.Arm64.A64;

namespace Armillary.Tests.Guests;

// Loads and stores of devices in all their forms, and memory with permissions.
internal static partial class SharedGuests
{
    // Words as objdump names them, with X1 or X9 as the base.
    private static readonly (string Text, uint Word)[] s_accesses =
    [
        ("ldrb w0, [x1]", 0x39400020), ("ldrh w0, [x1]", 0x79400020), ("ldr w0, [x1]", 0xb9400020), ("ldr x0, [x1]", 0xf9400020),
        ("ldrsb w0, [x1]", 0x39c00020), ("ldrsb x0, [x1]", 0x39800020), ("ldrsh w0, [x1]", 0x79c00020), ("ldrsh x0, [x1]", 0x79800020), ("ldrsw x0, [x1]", 0xb9800020),
        ("ldr xzr, [x1]", 0xf940003f), ("ldrb wzr, [x1]", 0x3940003f),
        ("strb w2, [x1]", 0x39000022), ("strh w2, [x1]", 0x79000022), ("str w2, [x1]", 0xb9000022), ("str x2, [x1]", 0xf9000022), ("str xzr, [x1]", 0xf900003f), ("str wzr, [x1]", 0xb900003f),
        ("ldur x0, [x1, #8]", 0xf8408020), ("ldr x0, [x1, x3, lsl #3]", 0xf8637820), ("ldtr x0, [x1]", 0xf8400820), ("sttr x2, [x1]", 0xf8000822),
        ("ldar x0, [x1]", 0xc8dffc20), ("stlr w2, [x1]", 0x889ffc22), ("ldaprb w0, [x1]", 0x38bfc020), ("ldapur x0, [x1, #16]", 0xd9410020),
        ("ldr x0, [x1], #8", 0xf8408420), ("ldr x0, [x1, #8]!", 0xf8408c20), ("str x2, [x1], #-8", 0xf81f8422), ("strb w2, [x1, #1]!", 0x38001c22), ("ldrsw x0, [x1], #4", 0xb8804420),
        ("ldp x0, x4, [x1]", 0xa9401020), ("ldp w0, w4, [x1]", 0x29401020), ("ldpsw x0, x4, [x1]", 0x69401020), ("stp x2, x3, [x1]", 0xa9000c22), ("stp x2, xzr, [x1, #16]!", 0xa9817c22), ("ldnp x0, x4, [x1]", 0xa8401020),
        ("ldr q0, [x1]", 0x3dc00020), ("str q2, [x1]", 0x3d800022), ("ldr d0, [x1]", 0xfd400020), ("str s2, [x1]", 0xbd000022), ("ldr b0, [x1]", 0x3d400020), ("ldp q0, q1, [x1]", 0xad400420), ("stp d2, d3, [x1]", 0x6d000c22),
        ("ld1 {v0.16b, v1.16b}, [x1]", 0x4c40a020), ("st1 {v2.s}[1], [x1]", 0x0d009022), ("ld4 {v0.2s-v3.2s}, [x1], #32", 0x0cdf0820), ("ld1r {v0.4s}, [x1]", 0x4d40c820),
        ("ldxr x0, [x1]; the rest", 0xc85f7c20), ("swp x2, x0, [x1]", 0xf8228020), ("ldadd w2, w0, [x1]", 0xb8220020), ("cas x2, x3, [x1]", 0xc8a27c23), ("ldset x2, x0, [x1]", 0xf8223020), ("stadd w2, [x1]", 0xb822003f),
        ("casp x2, x3, x4, x5, [x1]", 0x48227c24),
        ("dc zva, x1", 0xd50b7421), ("dc civac, x1", 0xd50b7e21), ("prfm pldl1keep, [x1]", 0xf9800020),
    ];

    private static void AddAccesses()
    {
        foreach ((string text, uint word) in s_accesses)
        {
            s_all["Device: " + text] = g => Access(g, word, GuestRun.Device + 0x100);
            s_all["Device, in place: " + text] = g =>
            {
                g.Cpu.MmioHandler = new Register(g);
                Access(g, word, GuestRun.Device + 0x100);
            };
            s_all["Read-only memory: " + text] = g => Access(g, word, GuestRun.ReadOnly + 0x100);
            s_all["Memory: " + text] = g => Access(g, word, GuestRun.Data + 0x100);
        }

        s_all["A pair with one half in memory"] = g =>
        {
            ulong end = GuestRun.Tables + GuestRun.Size; // nothing is behind it
            Access(g, 0xa9401020, end - 8);
            Access(g, 0xa9000c22, end - 8);
        };
        s_all["A load given up"] = g =>
        {
            g.Program(Mov(X1, GuestRun.Device), Ldr(X0, Mem(X1)), Mov(X5, 1), Ldp(X2, X3, Mem(X1)), Mov(X6, 1), Brk());
            g.Run();
            g.Cpu.Pc += 4;
            g.Run();
            g.Cpu.CompleteMmioRead(1);
            g.Run();
            g.Cpu.Pc += 4;
            g.Run();
            g.NoteRegisters();
        };
        s_all["A device that declines, and one that throws"] = g =>
        {
            g.Cpu.MmioHandler = new Register(g) { Declines = GuestRun.Device + 8, Throws = GuestRun.Device + 16 };
            g.Program(Mov(X1, GuestRun.Device), Str(X1, Mem(X1)), Str(X1, Mem(X1, 8)), Ldr(X0, Mem(X1, 16)), Brk());
            g.Run();
            try
            {
                g.Run();
            }
            catch (InvalidOperationException error)
            {
                g.Line($"thrown: {error.Message} pc=0x{g.Cpu.Pc:x}");
            }

            g.Cpu.MmioHandler = new Register(g);
            g.Run();
            g.NoteRegisters(2);
        };
        s_all["Unmap, protect and map again"] = g =>
        {
            g.Program(Mov(X1, GuestRun.Data), Ldr(X0, Mem(X1)), Str(X1, Mem(X1)), Brk());
            g.Memory.Write(GuestRun.Data, 0x55ul);
            g.Memory.Protect(g.DataRegion, MemoryPermissions.Read);
            g.RunToBreak();
            g.NoteRegisters(2);
            g.Memory.Unmap(g.DataRegion);
            g.Cpu.Pc = GuestRun.Code;
            g.RunToBreak();
            g.NoteRegisters(2);
            g.Memory.Map(GuestRun.Data, GuestRun.Size);
            g.Cpu.Pc = GuestRun.Code;
            g.RunToBreak();
            g.NoteRegisters(2);
            g.NoteMemory(GuestRun.Data);
        };
    }

    private static void Access(GuestRun g, uint word, ulong address)
    {
        for (int i = 0; i < 8; i++) g.Cpu.SetX(i, 0xa1a2_a3a4_a5a6_a7a0 + (ulong)i);
        for (int i = 0; i < 4; i++) g.Cpu.SetV(i, new UInt128(0xc1c2_c3c4_c5c6_c7c0 + (ulong)i, 0xd1d2_d3d4_d5d6_d7d0 + (ulong)i));
        g.Cpu.SetX(1, address);
        g.Cpu.SetX(3, 2);
        g.Words(word, 0xd420_0000);
        g.Cpu.Pc = GuestRun.Code;
        g.RunToBreak();
        g.NoteRegisters();
        g.NoteVectors();
        if (g.Memory.IsMapped(address & ~63ul, 64)) g.NoteMemory(address & ~63ul, 8);
    }

    private sealed class Register(GuestRun run) : IMmioHandler
    {
        private ulong _next = 0x9192_9394_9596_9798;

        public ulong Declines { get; init; }

        public ulong Throws { get; init; }

        public bool Read(ulong gpa, int size, out ulong value)
        {
            value = _next;
            return Serve(gpa, size, "read");
        }

        public bool Write(ulong gpa, int size, ulong value)
        {
            run.Line($"value 0x{value:x}");
            return Serve(gpa, size, "write");
        }

        private bool Serve(ulong gpa, int size, string verb)
        {
            run.Line($"device: {verb} 0x{gpa:x} size {size}");
            if (gpa == Throws) throw new InvalidOperationException("The device broke.");
            _next += 0x0101_0101_0101_0101;
            return gpa != Declines;
        }
    }
}
