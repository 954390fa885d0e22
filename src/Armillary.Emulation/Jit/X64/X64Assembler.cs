using System.Buffers.Binary;

namespace Armillary.Emulation.Jit.X64;

/// <summary>
/// Encodes the x86-64 instructions that translated code consists of (Intel SDM, volume 2). "wide" is the 64-bit form; the 32-bit one clears the
/// upper half of a destination register.
/// </summary>
internal sealed class X64Assembler
{
    private byte[] _code = new byte[4096];

    /// <summary>Bytes so far.</summary>
    public int Position { get; private set; }

    /// <summary>What has been encoded.</summary>
    public ReadOnlySpan<byte> Code => _code.AsSpan(0, Position);

    public void Clear() => Position = 0;

    public void Bind(Label label)
    {
        label.Position = Position;
        foreach (int use in label.Uses) BinaryPrimitives.WriteInt32LittleEndian(_code.AsSpan(use), Position - use - sizeof(int));
    }

    public void Mov(Gpr to, Gpr from, bool wide) => Form(wide, 0x89, (int)from, to);

    public void Mov(Gpr to, Mem from, bool wide) => Form(wide, 0x8b, (int)to, from);

    public void Mov(Mem to, Gpr from, bool wide) => Form(wide, 0x89, (int)from, to);

    /// <summary>All 64 bits, in the shortest form that leaves the flags alone.</summary>
    public void Mov(Gpr to, long value)
    {
        if (value is >= 0 and <= uint.MaxValue)
        {
            Rex(false, 0, 0, (int)to);
            Byte(0xb8 + ((int)to & 7));
            Int((int)value);
        }
        else if (value == (int)value)
        {
            Form(true, 0xc7, 0, to);
            Int((int)value);
        }
        else
        {
            Rex(true, 0, 0, (int)to);
            Byte(0xb8 + ((int)to & 7));
            Int((int)value);
            Int((int)(value >> 32));
        }
    }

    /// <summary>Stores an immediate, sign-extended.</summary>
    public void Mov(Mem to, int value, bool wide)
    {
        Form(wide, 0xc7, 0, to);
        Int(value);
    }

    /// <summary>Stores the low 1, 2, 4 or 8 bytes.</summary>
    public void Store(Mem to, Gpr from, int bytes)
    {
        if (bytes == 2) Byte(0x66);
        if (bytes == 1) Form(false, 0x88, (int)from, to, isByte: true);
        else Form(bytes == 8, 0x89, (int)from, to);
    }

    /// <summary>Loads 1, 2, 4 or 8 bytes, extended by zeros.</summary>
    public void Load(Gpr to, Mem from, int bytes)
    {
        if (bytes == 1) Form(false, 0x0fb6, (int)to, from);
        else if (bytes == 2) Form(false, 0x0fb7, (int)to, from);
        else Form(bytes == 8, 0x8b, (int)to, from);
    }

    /// <summary>Loads 1, 2 or 4 bytes, extended by their sign to 64 or 32 bits.</summary>
    public void LoadSigned(Gpr to, Mem from, int bytes, bool wide)
    {
        if (bytes == 1) Form(wide, 0x0fbe, (int)to, from);
        else if (bytes == 2) Form(wide, 0x0fbf, (int)to, from);
        else Form(wide, wide ? 0x63 : 0x8b, (int)to, from);
    }

    public void Op(Alu alu, Gpr to, Gpr from, bool wide) => Form(wide, ((int)alu << 3) + 1, (int)from, to);

    public void Op(Alu alu, Gpr to, Mem from, bool wide) => Form(wide, ((int)alu << 3) + 3, (int)to, from);

    public void Op(Alu alu, Gpr to, int value, bool wide)
    {
        bool isByte = value == (sbyte)value;
        Form(wide, isByte ? 0x83 : 0x81, (int)alu, to);
        Immediate(value, isByte);
    }

    public void Op(Alu alu, Mem to, int value, bool wide)
    {
        bool isByte = value == (sbyte)value;
        Form(wide, isByte ? 0x83 : 0x81, (int)alu, to);
        Immediate(value, isByte);
    }

    public void Test(Gpr a, Gpr b, bool wide) => Form(wide, 0x85, (int)b, a);

    public void Test(Gpr a, int value, bool wide)
    {
        Form(wide, 0xf7, 0, a);
        Int(value);
    }

    public void Not(Gpr to, bool wide) => Form(wide, 0xf7, 2, to);

    public void Neg(Gpr to, bool wide) => Form(wide, 0xf7, 3, to);

    /// <summary>RDX:RAX = RAX times the operand.</summary>
    public void MultiplyHigh(Gpr by, bool signed, bool wide) => Form(wide, 0xf7, signed ? 5 : 4, by);

    /// <summary>RAX = RDX:RAX over the operand; RDX the rest.</summary>
    public void Divide(Gpr by, bool signed, bool wide) => Form(wide, 0xf7, signed ? 7 : 6, by);

    /// <summary>The sign of RAX into RDX.</summary>
    public void SignIntoRdx(bool wide)
    {
        Rex(wide, 0, 0, 0);
        Byte(0x99);
    }

    public void Imul(Gpr to, Gpr by, bool wide) => Form(wide, 0x0faf, (int)to, by);

    public void Imul(Gpr to, Mem by, bool wide) => Form(wide, 0x0faf, (int)to, by);

    public void Shift(Shift shift, Gpr to, int amount, bool wide)
    {
        Form(wide, 0xc1, (int)shift, to);
        Byte(amount);
    }

    /// <summary>By CL.</summary>
    public void Shift(Shift shift, Gpr to, bool wide) => Form(wide, 0xd3, (int)shift, to);

    /// <summary>The index of the highest set bit; undefined, and ZF, for 0.</summary>
    public void Bsr(Gpr to, Gpr from, bool wide) => Form(wide, 0x0fbd, (int)to, from);

    public void Bswap(Gpr to, bool wide)
    {
        Rex(wide, 0, 0, (int)to);
        Byte(0x0f);
        Byte(0xc8 + ((int)to & 7));
    }

    /// <summary>CF = a bit.</summary>
    public void Bt(Gpr of, int bit, bool wide)
    {
        Form(wide, 0x0fba, 4, of);
        Byte(bit);
    }

    public void Cmov(Cc condition, Gpr to, Gpr from, bool wide) => Form(wide, 0x0f40 + (int)condition, (int)to, from);

    /// <summary>The low byte; the others stay.</summary>
    public void Set(Cc condition, Gpr to)
    {
        Rex(false, 0, 0, (int)to, isByte: true);
        Byte(0x0f);
        Byte(0x90 + (int)condition);
        Byte(0xc0 | ((int)to & 7));
    }

    /// <summary>The low byte of a register, extended by zeros.</summary>
    public void MovzxByte(Gpr to, Gpr from)
    {
        Rex(false, (int)to, 0, (int)from, isByte: true);
        Byte(0x0f);
        Byte(0xb6);
        Byte(0xc0 | (((int)to & 7) << 3) | ((int)from & 7));
    }

    /// <summary>The low two bytes of a register, extended by zeros.</summary>
    public void MovzxWord(Gpr to, Gpr from) => Form(false, 0x0fb7, (int)to, from);

    /// <summary>Adds a register to memory, which it gets the old value of. One atomic access.</summary>
    public void LockXadd(Mem at, Gpr register, int bytes) => Atomic(0xf0, bytes, 0x0fc1, at, register);

    /// <summary>Exchanges a register and memory. One atomic access.</summary>
    public void Xchg(Mem at, Gpr register, int bytes) => Atomic(0, bytes, 0x87, at, register);

    /// <summary>Memory becomes a register if it is RAX; else RAX becomes what it is. One atomic access.</summary>
    public void LockCmpxchg(Mem at, Gpr register, int bytes) => Atomic(0xf0, bytes, 0x0fb1, at, register);

    public void Lea(Gpr to, Mem address) => Form(true, 0x8d, (int)to, address);

    public void Lahf() => Byte(0x9f);

    public void Sahf() => Byte(0x9e);

    public void Cmc() => Byte(0xf5);

    public void Stc() => Byte(0xf9);

    /// <summary>AL += value: for its flags.</summary>
    public void AddAl(int value)
    {
        Byte(0x04);
        Byte(value);
    }

    public void Push(Gpr register)
    {
        Rex(false, 0, 0, (int)register);
        Byte(0x50 + ((int)register & 7));
    }

    public void Pop(Gpr register)
    {
        Rex(false, 0, 0, (int)register);
        Byte(0x58 + ((int)register & 7));
    }

    public void Ret() => Byte(0xc3);

    public void Mfence()
    {
        Byte(0x0f);
        Byte(0xae);
        Byte(0xf0);
    }

    public void Jmp(Label target)
    {
        Byte(0xe9);
        Distance(target);
    }

    public void J(Cc condition, Label target)
    {
        Byte(0x0f);
        Byte(0x80 + (int)condition);
        Distance(target);
    }

    /// <summary>16 bytes, aligned or not (MOVDQU).</summary>
    public void Load(Xmm to, Mem from) => Vector(0xf3, 0x6f, (int)to, from);

    /// <inheritdoc cref="Load(Xmm, Mem)"/>
    public void Store(Mem to, Xmm from) => Vector(0xf3, 0x7f, (int)from, to);

    /// <summary>The low half, the upper one cleared (MOVQ).</summary>
    public void Mov(Xmm to, Gpr from) => Vector(0x66, 0x6e, (int)to, from);

    /// <summary>The low half (MOVQ).</summary>
    public void Mov(Gpr to, Xmm from) => Vector(0x66, 0x7e, (int)from, to);

    /// <summary>Replaces the upper half (PINSRQ, SSE4.1).</summary>
    public void InsertHigh(Xmm to, Gpr from)
    {
        Byte(0x66);
        Rex(true, (int)to, 0, (int)from);
        Byte(0x0f);
        Byte(0x3a);
        Byte(0x22);
        Byte(0xc0 | (((int)to & 7) << 3) | ((int)from & 7));
        Byte(1);
    }

    /// <summary>The upper half (PEXTRQ, SSE4.1).</summary>
    public void ExtractHigh(Gpr to, Xmm from)
    {
        Byte(0x66);
        Rex(true, (int)from, 0, (int)to);
        Byte(0x0f);
        Byte(0x3a);
        Byte(0x16);
        Byte(0xc0 | (((int)from & 7) << 3) | ((int)to & 7));
        Byte(1);
    }

    // The form of one byte is the opcode before.
    private void Atomic(int prefix, int bytes, int opcode, Mem at, Gpr register)
    {
        if (prefix != 0) Byte(prefix);
        if (bytes == 2) Byte(0x66);
        Form(bytes == 8, bytes == 1 ? opcode - 1 : opcode, (int)register, at, isByte: bytes == 1);
    }

    private void Vector(int prefix, int opcode, int reg, Mem at)
    {
        Byte(prefix);
        Rex(false, reg, 0, (int)at.Base);
        Byte(0x0f);
        Byte(opcode);
        ModRm(reg, at);
    }

    private void Vector(int prefix, int opcode, int reg, Gpr rm)
    {
        Byte(prefix);
        Rex(true, reg, 0, (int)rm);
        Byte(0x0f);
        Byte(opcode);
        Byte(0xc0 | ((reg & 7) << 3) | ((int)rm & 7));
    }

    private void Form(bool wide, int opcode, int reg, Gpr rm)
    {
        Rex(wide, reg, 0, (int)rm);
        if (opcode > 0xff) Byte(opcode >> 8);
        Byte(opcode & 0xff);
        Byte(0xc0 | ((reg & 7) << 3) | ((int)rm & 7));
    }

    private void Form(bool wide, int opcode, int reg, Mem at, bool isByte = false)
    {
        Rex(wide, reg, 0, (int)at.Base, isByte && reg >= (int)Gpr.Rsp);
        if (opcode > 0xff) Byte(opcode >> 8);
        Byte(opcode & 0xff);
        ModRm(reg, at);
    }

    // Bases 4 and 12 want a SIB byte, 5 and 13 a displacement (SDM, volume 2, table 2-2).
    private void ModRm(int reg, Mem at)
    {
        int low = (int)at.Base & 7, field = (reg & 7) << 3;
        bool isShort = at.Displacement == (sbyte)at.Displacement;
        int mode = at.Displacement == 0 && low != 5 ? 0 : isShort ? 0x40 : 0x80;
        Byte(mode | field | low);
        if (low == 4) Byte(0x24);
        if (mode != 0) Immediate(at.Displacement, isShort);
    }

    private void Rex(bool wide, int reg, int index, int rm, bool isByte = false)
    {
        int rex = 0x40 | (wide ? 8 : 0) | ((reg >> 3) << 2) | ((index >> 3) << 1) | (rm >> 3);
        if (rex != 0x40 || (isByte && (rm >= (int)Gpr.Rsp || reg >= (int)Gpr.Rsp))) Byte(rex);
    }

    private void Immediate(int value, bool isByte)
    {
        if (isByte) Byte(value);
        else Int(value);
    }

    private void Distance(Label target)
    {
        if (target.Position < 0) target.Uses.Add(Position);
        Int(target.Position - Position - sizeof(int));
    }

    private void Byte(int value)
    {
        if (Position == _code.Length) Array.Resize(ref _code, 2 * _code.Length);
        _code[Position++] = (byte)value;
    }

    private void Int(int value)
    {
        if (Position + sizeof(int) > _code.Length) Array.Resize(ref _code, 2 * _code.Length);
        BinaryPrimitives.WriteInt32LittleEndian(_code.AsSpan(Position), value);
        Position += sizeof(int);
    }
}
