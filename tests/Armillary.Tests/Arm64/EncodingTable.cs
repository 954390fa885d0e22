using Armillary.Arm64;
using static Armillary.Arm64.A64;
using static Armillary.Tests.Arm64.EncodingRow;

namespace Armillary.Tests.Arm64;

/// <summary>
/// The words are those of GNU binutils 2.40 for the texts: <c>aarch64-linux-gnu-as -march=armv8.6-a+flagm+rcpc+lse+sb</c>.
/// </summary>
internal static partial class EncodingTable
{
    private static readonly Label s_label = new("label");

    // Where the assembler leaves the field to the linker: the distance's word is the one that objdump reads as the text.
    private static readonly EncodingRow[] s_addresses =
    [
        Row(() => Adrp(X0, Here()), 0x90000000, "adrp x0, ."),
        Row(() => Adrp(X1, Here(4096)), 0xb0000001, "adrp x1, .+0x1000"),
        Row(() => Adrp(X30, Here(-4096)), 0xf0fffffe, "adrp x30, .-0x1000"),
        Row(() => Adrp(X0, Here(-0x1_0000_0000)), 0x90800000, "adrp x0, .-0x100000000"),
        Row(() => Adrp(X0, Here(0xffff_f000)), 0xf07fffe0, "adrp x0, .+0xfffff000"),
        Row(() => Add(X0, X1, Low12(s_label)), 0x91000020, "add x0, x1, :lo12:label"),
    ];

    public static IEnumerable<EncodingRow> All =>
    [
        .. s_addresses, .. AddSubtract, .. Logical, .. Move, .. Bitfield, .. Conditional, .. Arithmetic, .. LoadsAndStores,
        .. Exclusives, .. Atomics, .. AtomicStores, .. Branches, .. System, .. SystemOperations,
    ];
}
