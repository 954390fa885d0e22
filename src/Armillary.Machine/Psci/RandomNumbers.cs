using System.Buffers.Binary;
using static Armillary.Machine.Psci.PsciFunctions;

namespace Armillary.Machine.Psci;

/// <summary>The random number service (Arm DEN0098): Linux seeds itself by it before it has a driver.</summary>
internal sealed class RandomNumbers(Action<Span<byte>> fill)
{
    public long Call(uint function, VirtualCpu cpu) => function switch
    {
        TRNG_VERSION => 0x1_0000,
        TRNG_FEATURES => (uint)cpu.GetX(1) is TRNG_VERSION or TRNG_FEATURES or TRNG_GET_UUID or TRNG_RND32 or TRNG_RND64 ? 0 : NotSupported,
        TRNG_GET_UUID => Identify(cpu),
        TRNG_RND32 => Give(cpu, 32),
        _ => Give(cpu, 64),
    };

    // 5a2d1d40-b1f2-4c63-9a5e-2f0d7c1e8b34, of this implementation; its first word is the result.
    private static long Identify(VirtualCpu cpu)
    {
        cpu.SetX(1, 0x634c_f2b1);
        cpu.SetX(2, 0x0d2f_5e9a);
        cpu.SetX(3, 0x348b_1e7c);
        return 0x401d_2d5a;
    }

    // Up to three registers of so many bits; X3 has the lowest (2.5).
    private long Give(VirtualCpu cpu, int registerBits)
    {
        ulong bits = (uint)cpu.GetX(1);
        if (bits == 0 || bits > 3 * (ulong)registerBits) return InvalidParameters;
        Span<byte> bytes = stackalloc byte[3 * sizeof(ulong)];
        fill(bytes);
        for (int n = 0; n < 3; n++)
        {
            int wanted = Math.Clamp((int)bits - (n * registerBits), 0, registerBits);
            ulong mask = wanted == 0 ? 0 : ulong.MaxValue >> (64 - wanted);
            cpu.SetX(3 - n, BinaryPrimitives.ReadUInt64LittleEndian(bytes[(8 * n)..]) & mask);
        }

        return 0;
    }
}
