using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Armillary.Kvm.Interop;

namespace Armillary.Tests.Kvm;

/// <summary>KVM's numbers and layouts against what the kernel's own headers say to a C compiler for arm64.</summary>
public sealed class KvmInterfaceTests
{
    private static readonly (Type Type, string Field, string C)[] s_fields =
    [
        .. Fields<kvm_userspace_memory_region>(), .. Fields<kvm_one_reg>(), .. Fields<kvm_vcpu_init>(), .. Fields<kvm_irq_level>(), .. Fields<kvm_device_attr>(), .. Fields<kvm_create_device>(), .. Fields<kvm_irqfd>(), .. Fields<kvm_ioeventfd>(), .. Fields<kvm_dirty_gfn>(),
        (typeof(kvm_enable_cap), "cap", "cap"), (typeof(kvm_enable_cap), "args", "args"),
        (typeof(kvm_guest_debug), "control", "control"), (typeof(kvm_guest_debug), "dbg_bcr", "arch.dbg_bcr"), (typeof(kvm_guest_debug), "dbg_bvr", "arch.dbg_bvr"), (typeof(kvm_guest_debug), "dbg_wcr", "arch.dbg_wcr"), (typeof(kvm_guest_debug), "dbg_wvr", "arch.dbg_wvr"),
        (typeof(kvm_dirty_log), "slot", "slot"), (typeof(kvm_dirty_log), "dirty_bitmap", "dirty_bitmap"),
        (typeof(kvm_smccc_filter), "first", "base"), (typeof(kvm_smccc_filter), "nr_functions", "nr_functions"), (typeof(kvm_smccc_filter), "action", "action"),
        (typeof(kvm_vcpu_events), "serror_pending", "exception.serror_pending"), (typeof(kvm_vcpu_events), "serror_has_esr", "exception.serror_has_esr"),
        (typeof(kvm_run), "immediate_exit", "immediate_exit"), (typeof(kvm_run), "exit_reason", "exit_reason"), (typeof(kvm_run), "mmio", "mmio"), (typeof(kvm_run), "debug", "debug.arch"), (typeof(kvm_run), "hypercall", "hypercall"),
        (typeof(kvm_run), "fail_entry", "fail_entry"), (typeof(kvm_run), "internal_error", "internal"), (typeof(kvm_run), "system_event", "system_event"), (typeof(kvm_run), "device_irq_level", "s.regs.device_irq_level"),
    ];

    // Members of kvm_run that are structures here and unnamed in C.
    private static readonly (Type Type, string Field, string C)[] s_parts =
    [
        (typeof(kvm_run_mmio), "phys_addr", "mmio.phys_addr"), (typeof(kvm_run_mmio), "data", "mmio.data"), (typeof(kvm_run_mmio), "len", "mmio.len"), (typeof(kvm_run_mmio), "is_write", "mmio.is_write"),
        (typeof(kvm_run_debug), "hsr", "debug.arch.hsr"), (typeof(kvm_run_debug), "far", "debug.arch.far"),
        (typeof(kvm_run_hypercall), "nr", "hypercall.nr"), (typeof(kvm_run_hypercall), "args", "hypercall.args"), (typeof(kvm_run_hypercall), "ret", "hypercall.ret"), (typeof(kvm_run_hypercall), "flags", "hypercall.flags"),
        (typeof(kvm_run_fail_entry), "hardware_entry_failure_reason", "fail_entry.hardware_entry_failure_reason"), (typeof(kvm_run_fail_entry), "cpu", "fail_entry.cpu"),
        (typeof(kvm_run_internal), "suberror", "internal.suberror"), (typeof(kvm_run_system_event), "type", "system_event.type"),
    ];

    [Fact]
    public void Numbers_and_layouts_are_the_kernels()
    {
        const string Compiler = "aarch64-linux-gnu-gcc";
        Assert.SkipUnless(CanCompile(Compiler), $"{Compiler} with the kernel's headers (linux-libc-dev-arm64-cross) is not here.");
        var source = new StringBuilder("#include <linux/kvm.h>\n#include <stddef.h>\n#define CHECK(c) _Static_assert(c, #c)\n");
        int checks = 0;
        void Check(string condition)
        {
            // Headers before Linux 6.4 have no filter of calls, and those before 6.2 no rings for arm64.
            bool isNew = condition.Contains("SMCCC", StringComparison.OrdinalIgnoreCase) || condition.Contains("HYPERCALL_EXIT", StringComparison.Ordinal) || condition.Contains("hypercall.flags", StringComparison.Ordinal) || condition.Contains("DIRTY_LOG_PAGE_OFFSET", StringComparison.Ordinal);
            source.Append(isNew ? $"#ifdef KVM_ARM_VM_SMCCC_CTRL\nCHECK({condition});\n#endif\n" : $"CHECK({condition});\n");
            checks++;
        }

        foreach (FieldInfo field in typeof(KvmIoctl).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            Check($"(unsigned long long){field.Name} == {Convert.ToUInt64(field.GetValue(null), CultureInfo.InvariantCulture)}ull");
        }

        foreach (Type type in s_fields.Select(f => f.Type).Distinct()) Check($"sizeof(struct {type.Name}) == {SizeOf(type)}");
        foreach ((Type type, string field, string c) in s_fields) Check($"offsetof(struct {type.Name}, {c}) == {Marshal.OffsetOf(type, field)}");
        foreach ((Type type, string field, string c) in s_parts) Check($"offsetof(struct kvm_run, {c}) == {32 + Marshal.OffsetOf(type, field)}");
        Assert.True(checks > 100, $"{checks}");
        Assert.Equal("", Compile(Compiler, source.ToString()));
    }

    private static (Type Type, string Field, string C)[] Fields<T>() => [.. typeof(T).GetFields().Select(f => (typeof(T), f.Name, f.Name))];

    private static int SizeOf(Type type) => (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static bool CanCompile(string compiler) => OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(d => File.Exists(Path.Combine(d, compiler)))
        && Compile(compiler, "#include <linux/kvm.h>\n").Length == 0;

    private static string Compile(string compiler, string source)
    {
        var start = new ProcessStartInfo(compiler, ["-std=gnu11", "-fsyntax-only", "-x", "c", "-"]) { RedirectStandardInput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.StandardInput.Write(source);
        process.StandardInput.Close();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return errors;
    }
}
