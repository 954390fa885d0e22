using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Decode;

namespace Armillary.Emulation.Interpreter;

/// <summary>Handlers of ops that are no instructions.</summary>
internal static unsafe class SpecialOps
{
    /// <summary>Decodes the op and takes it again.</summary>
    public static Op* Undecoded(CpuState* c, Op* op)
    {
        Cpu(c).Decode(op);
        return op;
    }

    /// <summary>Goes on at the op's address: behind the last instruction of a page, and everywhere in an abandoned one.</summary>
    public static Op* Enter(CpuState* c, Op* op) => Cpu(c).GoOn(op);

    /// <summary>Executes the pending op on the slow path.</summary>
    public static Op* Miss(CpuState* c, Op* op) => Cpu(c).ExecuteSlow(c->Pending);

    /// <summary>Looks to what other threads want, then executes the pending branch on the slow path.</summary>
    public static Op* Attention(CpuState* c, Op* op) => Cpu(c).Attend(c->Pending);

    /// <summary>Looks whether the target of the pending branch is to be translated, and takes the branch again.</summary>
    public static Op* Hot(CpuState* c, Op* op) => Cpu(c).NoticeHeat(c->Pending);

    /// <summary>Executes the translated code that begins at the op.</summary>
    public static Op* Translated(CpuState* c, Op* op) => ((delegate* unmanaged<CpuState*, Op*, Op*>)CodePage.RegionOf(op))(c, op);

    /// <summary>Goes on at PC after an exception.</summary>
    public static Op* Resume(CpuState* c, Op* op) => Cpu(c).Resume();

    /// <summary>Leaves the loop.</summary>
    public static Op* Exit(CpuState* c, Op* op) => null;

    private static SoftwareVirtualCpu Cpu(CpuState* c) => Unsafe.As<SoftwareVirtualCpu>(GCHandle.FromIntPtr(c->Self).Target!);
}
