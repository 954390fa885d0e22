using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Armillary.Hvf.Interop;
using Armillary.Tests.Hvf.Shim;

namespace Armillary.Tests.Hvf;

/// <summary>The framework's values and layouts: against a list that was made from published headers, and against what a C compiler says.</summary>
public sealed class HvfInterfaceTests : ShimTest
{
    private static readonly string[] s_constants = ReadConstants();

    public static TheoryData<string> Enumerations => [.. s_constants.Select(line => line.Split(' ')[0]).Distinct()];

    [Theory]
    [MemberData(nameof(Enumerations))]
    public void An_enumeration_has_the_published_values(string enumeration)
    {
        Type type = typeof(hv_return_t).Assembly.GetType("Armillary.Hvf.Interop." + enumeration, throwOnError: true)!;
        string[] expected = [.. s_constants.Where(line => line.Split(' ')[0] == enumeration).Select(line => line[(enumeration.Length + 1)..])];
        string[] actual = [.. Enum.GetNames(type).Select(name => name + " 0x" + Convert.ToUInt64(Unsigned(Enum.Parse(type, name)), CultureInfo.InvariantCulture).ToString("x", CultureInfo.InvariantCulture))];
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_148_system_registers_are_packed_as_the_architecture_encodes_them()
    {
        Assert.Equal(148, Enum.GetValues<hv_sys_reg_t>().Length);
        Assert.Equal(sizeof(ushort), Unsafe.SizeOf<hv_sys_reg_t>());
        foreach (string line in s_constants.Where(l => l.StartsWith("hv_sys_reg_t", StringComparison.Ordinal) && !l.Contains("_DBG", StringComparison.Ordinal)))
        {
            // Arm's own name of a register has the encoding that the framework gives its name.
            string name = line.Split(' ')[1]["HV_SYS_REG_".Length..];
            ushort value = ushort.Parse(line.Split(' ')[2][2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (Enum.TryParse(name, ignoreCase: true, out Armillary.Arm64.SystemRegister register)) Assert.Equal((ushort)register, value);
        }
    }

    [Fact]
    public void Layouts_are_those_of_a_C_compiler()
    {
        Dictionary<string, long> layout = Shim.Layout.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToDictionary(l => l[..l.LastIndexOf(' ')], l => long.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
        long exception = Marshal.OffsetOf<hv_vcpu_exit_t>("exception");
        Assert.Equal((32, 24), (Unsafe.SizeOf<hv_vcpu_exit_t>(), Unsafe.SizeOf<hv_vcpu_exit_exception_t>()));
        Assert.Equal(layout["sizeof hv_vcpu_exit_t"], Unsafe.SizeOf<hv_vcpu_exit_t>());
        Assert.Equal(layout["reason"], Marshal.OffsetOf<hv_vcpu_exit_t>("reason"));
        Assert.Equal(layout["exception.syndrome"], exception + Marshal.OffsetOf<hv_vcpu_exit_exception_t>("syndrome"));
        Assert.Equal(layout["exception.virtual_address"], exception + Marshal.OffsetOf<hv_vcpu_exit_exception_t>("virtual_address"));
        Assert.Equal(layout["exception.physical_address"], exception + Marshal.OffsetOf<hv_vcpu_exit_exception_t>("physical_address"));
        Assert.Equal(layout["sizeof simd_t"], Unsafe.SizeOf<hv_simd_fp_uchar16_t>());
        Assert.Equal(layout["sizeof view_t"], Unsafe.SizeOf<ShimView>());
        Assert.Equal(layout["view_t.v"], Marshal.OffsetOf<ShimView>("V"));
        Assert.Equal(layout["view_t.cancel"], Marshal.OffsetOf<ShimView>("Cancel"));
        Assert.Equal(layout["view_t.time"], Marshal.OffsetOf<ShimView>("Time"));
        foreach (hv_return_t value in Enum.GetValues<hv_return_t>().Where(v => v != hv_return_t.HV_SUCCESS)) Assert.Equal(layout[value.ToString()], (int)value);
    }

    [Theory]
    [InlineData("hv_memory_flags_t", 8)]
    [InlineData("hv_exit_reason_t", 4)]
    [InlineData("hv_reg_t", 4)]
    [InlineData("hv_interrupt_type_t", 4)]
    [InlineData("hv_feature_reg_t", 4)]
    [InlineData("hv_return_t", 4)]
    [InlineData("hv_ipa_granule_t", 4)]
    [InlineData("hv_cache_type_t", 4)]
    public void Enumerations_have_the_width_of_Cs(string name, int size)
        => Assert.Equal(size, Marshal.SizeOf(Enum.GetUnderlyingType(typeof(hv_return_t).Assembly.GetType("Armillary.Hvf.Interop." + name, throwOnError: true)!)));

    [Fact]
    public void Every_function_that_the_engine_calls_is_named_as_the_framework_names_it()
    {
        FieldInfo[] functions = [.. typeof(HypervisorFramework).GetFields(BindingFlags.Public | BindingFlags.Instance).Concat(typeof(HypervisorGic).GetFields(BindingFlags.Public | BindingFlags.Instance)).Where(f => f.FieldType.IsFunctionPointer || f.FieldType.IsUnmanagedFunctionPointer)];
        nint library = NativeLibrary.Load(Shim.Path);
        Assert.True(functions.Length > 40);
        Assert.All(functions, function => Assert.True(NativeLibrary.TryGetExport(library, function.Name, out _), function.Name));
    }

    private static ulong Unsigned(object value) => value switch
    {
        hv_return_t result => (uint)result,
        _ => Convert.ToUInt64(value, CultureInfo.InvariantCulture),
    };

    private static string[] ReadConstants()
    {
        using Stream stream = typeof(HvfInterfaceTests).Assembly.GetManifestResourceStream("hypervisor-constants.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')];
    }
}
