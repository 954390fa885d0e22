namespace Armillary.Emulation.Machines;

/// <summary>Guest atomics on host memory of 1, 2, 4 or 8 aligned bytes.</summary>
internal static unsafe class HostAtomics
{
    /// <summary>Read, modify, write; returns the old value.</summary>
    public static ulong Update(byte* host, int size, AtomicKind kind, ulong operand)
    {
        if (size == 8 && kind == AtomicKind.Add) return Interlocked.Add(ref *(ulong*)host, operand) - operand;
        if (size == 4 && kind == AtomicKind.Add) return Interlocked.Add(ref *(uint*)host, (uint)operand) - (uint)operand;
        ulong seen = Read(host, size);
        while (true)
        {
            ulong found = CompareExchange(host, size, seen, Apply(kind, size, seen, operand));
            if (found == seen) return seen;
            seen = found;
        }
    }

    /// <summary>Returns what was found; the exchange was done if that is what was expected.</summary>
    public static ulong CompareExchange(byte* host, int size, ulong expected, ulong value) => size switch
    {
        1 => Interlocked.CompareExchange(ref *host, (byte)value, (byte)expected),
        2 => Interlocked.CompareExchange(ref *(ushort*)host, (ushort)value, (ushort)expected),
        4 => Interlocked.CompareExchange(ref *(uint*)host, (uint)value, (uint)expected),
        _ => Interlocked.CompareExchange(ref *(ulong*)host, value, expected),
    };

    public static ulong Read(byte* host, int size) => size switch
    {
        1 => Volatile.Read(ref *host),
        2 => Volatile.Read(ref *(ushort*)host),
        4 => Volatile.Read(ref *(uint*)host),
        _ => Volatile.Read(ref *(ulong*)host),
    };

    /// <summary>The new value of a location.</summary>
    public static ulong Apply(AtomicKind kind, int size, ulong old, ulong operand)
    {
        int unused = 64 - (8 * size);
        ulong mask = ulong.MaxValue >> unused;
        long signedOld = (long)(old << unused), signedOperand = (long)(operand << unused);
        return mask & (kind switch
        {
            AtomicKind.Add => old + operand,
            AtomicKind.Clear => old & ~operand,
            AtomicKind.Xor => old ^ operand,
            AtomicKind.Set => old | operand,
            AtomicKind.MaxSigned => signedOld > signedOperand ? old : operand,
            AtomicKind.MinSigned => signedOld < signedOperand ? old : operand,
            AtomicKind.MaxUnsigned => old > (operand & mask) ? old : operand,
            AtomicKind.MinUnsigned => old < (operand & mask) ? old : operand,
            _ => operand,
        });
    }
}
