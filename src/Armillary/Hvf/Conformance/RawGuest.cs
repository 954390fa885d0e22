using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Hvf.Interop;

namespace Armillary.Hvf.Conformance;

/// <summary>A machine with one virtual CPU and a piece of memory, by the framework's own calls: nothing of the engine stands between.</summary>
internal sealed unsafe class RawGuest : IDisposable
{
    public const ulong Address = 0x1_0000, Size = 0x1_0000, Data = Address + 0x8000, Device = 0x900_0000;

    private const int MaxRuns = 10_000;

    private readonly HvfHost _host;
    private readonly HostMemory _memory = new(Size, HvfOptions.DefaultPageSize);

    /// <summary>Creates it.</summary>
    /// <param name="host">The framework.</param>
    /// <param name="beforeCpu">What comes between the machine and its virtual CPU.</param>
    public RawGuest(HvfHost host, Action? beforeCpu = null)
    {
        _host = host;
        HvfCall.Check(Framework.hv_vm_create(0), "hv_vm_create");
        try
        {
            HvfCall.Check(Framework.hv_vm_map(_memory.Pointer, Address, (nuint)Size, (hv_memory_flags_t)7), "hv_vm_map");
            beforeCpu?.Invoke();
            ulong id;
            hv_vcpu_exit_t* record;
            HvfCall.Check(Framework.hv_vcpu_create(&id, &record, 0), "hv_vcpu_create");
            Id = id;
            Record = record;
        }
        catch
        {
            Framework.hv_vm_destroy();
            throw;
        }
    }

    public ulong Id { get; }

    public hv_vcpu_exit_t* Record { get; }

    /// <summary>Runs that ended for an unknown reason.</summary>
    public int UnknownExits { get; private set; }

    public HypervisorFramework Framework => _host.Framework;

    public byte* Memory => _memory.Pointer;

    public ulong Pc => Get(hv_reg_t.HV_REG_PC);

    public ulong Get(hv_reg_t register)
    {
        ulong value;
        HvfCall.Check(Framework.hv_vcpu_get_reg(Id, register, &value), "hv_vcpu_get_reg");
        return value;
    }

    public ulong X(int register) => Get((hv_reg_t)register);

    public void Set(hv_reg_t register, ulong value) => HvfCall.Check(Framework.hv_vcpu_set_reg(Id, register, value), "hv_vcpu_set_reg");

    public void SetX(int register, ulong value) => Set((hv_reg_t)register, value);

    /// <summary>A system register, or null if the framework refuses it.</summary>
    public ulong? Get(SystemRegister register)
    {
        ulong value;
        return Framework.hv_vcpu_get_sys_reg(Id, (hv_sys_reg_t)register, &value) == hv_return_t.HV_SUCCESS ? value : null;
    }

    public hv_return_t Set(SystemRegister register, ulong value) => Framework.hv_vcpu_set_sys_reg(Id, (hv_sys_reg_t)register, value);

    /// <summary>A defined state at EL1h with all masked, vectors in no memory, debug exceptions trapped or not.</summary>
    public void Reset(bool trapDebug = true)
    {
        Set(hv_reg_t.HV_REG_CPSR, Pstate.Daif | Pstate.EL1h);
        Set(SystemRegister.SCTLR_EL1, 0x30d0_0980);
        Set(SystemRegister.CPACR_EL1, 3 << 20);
        Set(SystemRegister.VBAR_EL1, 0x80_0000);
        Set(SystemRegister.MDSCR_EL1, 0);
        Set(SystemRegister.CNTV_CTL_EL0, 0);
        HvfCall.Check(Framework.hv_vcpu_set_vtimer_mask(Id, 1), "hv_vcpu_set_vtimer_mask");
        HvfCall.Check(Framework.hv_vcpu_set_vtimer_offset(Id, 0), "hv_vcpu_set_vtimer_offset");
        HvfCall.Check(Framework.hv_vcpu_set_trap_debug_exceptions(Id, trapDebug ? (byte)1 : (byte)0), "hv_vcpu_set_trap_debug_exceptions");
    }

    public void Write(ReadOnlySpan<uint> words, bool maintain = true)
    {
        words.CopyTo(MemoryMarshal.Cast<byte, uint>(new Span<byte>(Memory, (int)Size)));
        if (maintain) _host.System.sys_icache_invalidate(Memory, (nuint)(words.Length * sizeof(uint)));
    }

    /// <summary>Runs words from their first to an exit that tells something.</summary>
    public hv_vcpu_exit_t Run(params ReadOnlySpan<uint> words)
    {
        if (words.Length != 0) Write(words);
        Set(hv_reg_t.HV_REG_PC, Address);
        return Continue();
    }

    public hv_vcpu_exit_t Continue()
    {
        for (int i = 0; i < MaxRuns; i++)
        {
            HvfCall.Check(Framework.hv_vcpu_run(Id), "hv_vcpu_run");
            if (Record->reason != hv_exit_reason_t.HV_EXIT_REASON_UNKNOWN) return *Record;
            UnknownExits++;
        }

        return *Record;
    }

    /// <summary>Any thread: hv_vcpus_exit.</summary>
    public hv_return_t Cancel()
    {
        ulong id = Id;
        return Framework.hv_vcpus_exit(&id, 1);
    }

    /// <summary>The exit in words: class, and where PC is from the code's start.</summary>
    public string Describe(in hv_vcpu_exit_t exit) => exit.reason != hv_exit_reason_t.HV_EXIT_REASON_EXCEPTION
        ? exit.reason.ToString()
        : $"EC 0x{(uint)new Syndrome(exit.exception.syndrome).Class:x2} at {(Pc - Address < Size ? $"code+{Pc - Address}" : $"0x{Pc:x}")}";

    public void Dispose()
    {
        Framework.hv_vcpu_destroy(Id);
        Framework.hv_vm_destroy();
        _memory.Dispose();
    }
}
