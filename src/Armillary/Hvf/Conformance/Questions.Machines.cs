using System.IO.MemoryMappedFiles;
using Armillary.Hvf.Interop;

namespace Armillary.Hvf.Conformance;

// The life of machines and virtual CPUs, and guest memory.
internal sealed unsafe partial class Questions
{
    private HypervisorFramework Framework => _host.Framework;

    private void AskAboutLife()
    {
        Ask("life.cpu-without-machine", "hv_vcpu_create without a machine", null, () =>
        {
            ulong id;
            hv_vcpu_exit_t* record;
            return Framework.hv_vcpu_create(&id, &record, 0).ToString();
        });
        AskGuest("life.second-machine", "hv_vm_create while there is a machine", "HV_BUSY", _ => Framework.hv_vm_create(0).ToString());
        AskGuest("life.second-cpu", "hv_vcpu_create on a thread that has a virtual CPU", "HV_BUSY", _ =>
        {
            ulong id;
            hv_vcpu_exit_t* record;
            return Framework.hv_vcpu_create(&id, &record, 0).ToString();
        });
        AskGuest("life.wrong-thread", "hv_vcpu_get_reg from another thread", "HV_BAD_ARGUMENT", guest => OnAnotherThread(() =>
        {
            ulong value;
            return Framework.hv_vcpu_get_reg(guest.Id, hv_reg_t.HV_REG_PC, &value).ToString();
        }));
        AskGuest("life.wrong-thread-system", "hv_vcpu_get_sys_reg from another thread", null, guest => OnAnotherThread(() =>
        {
            ulong value;
            return Framework.hv_vcpu_get_sys_reg(guest.Id, hv_sys_reg_t.HV_SYS_REG_SCTLR_EL1, &value).ToString();
        }));
        AskGuest("life.machine-with-cpus", "hv_vm_destroy while there is a virtual CPU", null, _ => Framework.hv_vm_destroy().ToString());
        Ask("life.stale-cpu", "hv_vcpus_exit of a virtual CPU that is gone", null, () =>
        {
            ulong id;
            using (var guest = new RawGuest(_host)) id = guest.Id;
            return Framework.hv_vcpus_exit(&id, 1).ToString();
        });
        Ask("life.again", "a machine after another", "HV_SUCCESS", () =>
        {
            new RawGuest(_host).Dispose();
            hv_return_t result = Framework.hv_vm_create(0);
            if (result == hv_return_t.HV_SUCCESS) Framework.hv_vm_destroy();
            return result.ToString();
        });
        Ask("life.cpus", "hv_vm_get_max_vcpu_count", null, () =>
        {
            uint count;
            return Framework.hv_vm_get_max_vcpu_count(&count) == hv_return_t.HV_SUCCESS ? Number(count) : "refused";
        });
    }

    private void AskAboutMemory()
    {
        const hv_memory_flags_t All = (hv_memory_flags_t)7;
        const nuint Page = HvfOptions.DefaultPageSize;
        const ulong Free = 0x4000_0000;
        AskGuest("memory.address-misaligned", "hv_vm_map at an address of half a page", "HV_BAD_ARGUMENT", guest => Framework.hv_vm_map(guest.Memory, Free + 0x2000, Page, All).ToString());
        AskGuest("memory.size-misaligned", "hv_vm_map of half a page", "HV_BAD_ARGUMENT", guest => Framework.hv_vm_map(guest.Memory, Free, Page / 2, All).ToString());
        AskGuest("memory.host-misaligned", "hv_vm_map of host memory that begins in a page", "HV_BAD_ARGUMENT", guest => Framework.hv_vm_map(guest.Memory + 0x1000, Free, Page, All).ToString());
        AskGuest("memory.overlap", "hv_vm_map over mapped memory", null, guest => Framework.hv_vm_map(guest.Memory, RawGuest.Address, Page, All).ToString());
        AskGuest("memory.alias", "hv_vm_map of the same host memory at another address", null, guest => Framework.hv_vm_map(guest.Memory, Free, Page, All).ToString());
        AskGuest("memory.unmap-part", "hv_vm_unmap of a page of a larger mapping", "HV_SUCCESS", _ => Framework.hv_vm_unmap(RawGuest.Address + Page, Page).ToString());
        AskGuest("memory.unmap-twice", "hv_vm_unmap of what is not mapped", null, _ =>
        {
            Framework.hv_vm_unmap(RawGuest.Address + Page, Page);
            return Framework.hv_vm_unmap(RawGuest.Address + Page, Page).ToString();
        });
        AskGuest("memory.protect-part", "hv_vm_protect of a page of a larger mapping", "HV_SUCCESS", _ => Framework.hv_vm_protect(RawGuest.Address + Page, Page, hv_memory_flags_t.HV_MEMORY_READ).ToString());
        AskGuest("memory.protect-nothing", "hv_vm_protect of what is not mapped", null, _ => Framework.hv_vm_protect(Free, Page, All).ToString());
        foreach (MemoryMappedFileAccess access in (ReadOnlySpan<MemoryMappedFileAccess>)[MemoryMappedFileAccess.ReadWrite, MemoryMappedFileAccess.CopyOnWrite])
        {
            AskGuest($"memory.file-{(access == MemoryMappedFileAccess.ReadWrite ? "shared" : "private")}", $"hv_vm_map of a file that is mapped {access}", null, _ => MapFile(access, Free));
        }
    }

    private string MapFile(MemoryMappedFileAccess access, ulong gpa)
    {
        using var file = MemoryMappedFile.CreateFromFile(Path.GetTempFileName(), FileMode.Open, null, HvfOptions.DefaultPageSize);
        using MemoryMappedViewAccessor view = file.CreateViewAccessor(0, HvfOptions.DefaultPageSize, access);
        byte* pointer = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        try
        {
            hv_return_t result = Framework.hv_vm_map(pointer, gpa, HvfOptions.DefaultPageSize, (hv_memory_flags_t)7);
            if (result == hv_return_t.HV_SUCCESS) Framework.hv_vm_unmap(gpa, HvfOptions.DefaultPageSize);
            return result.ToString();
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private static string OnAnotherThread(Func<string> action)
    {
        string result = "";
        var thread = new Thread(() => result = action());
        thread.Start();
        thread.Join();
        return result;
    }
}
