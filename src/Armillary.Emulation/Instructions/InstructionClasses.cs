using Armillary.Emulation.Models;

namespace Armillary.Emulation.Instructions;

/// <summary>Every class of encodings that the CPU knows. A word that no row of any class matches is unallocated.</summary>
internal static class InstructionClasses
{
    public static IReadOnlyList<InstructionClass> All { get; } =
    [
        new("0000000000000000xxxxxxxxxxxxxxxx", ExceptionGeneration.PermanentlyUndefined),

        // Data processing, immediate
        new("xxx10000xxxxxxxxxxxxxxxxxxxxxxxx", MoveAndBitfield.PcRelative),
        new("xxx100010xxxxxxxxxxxxxxxxxxxxxxx", AddSubtract.Immediate),
        new("xxx100011xxxxxxxxxxxxxxxxxxxxxxx", MinimumMaximum.Immediate, Feature.CSSC),
        new("xxx100100xxxxxxxxxxxxxxxxxxxxxxx", Logical.Immediate),
        new("xxx100101xxxxxxxxxxxxxxxxxxxxxxx", MoveAndBitfield.MoveWide),
        new("xxx100110xxxxxxxxxxxxxxxxxxxxxxx", MoveAndBitfield.Bitfield),
        new("xxx100111xxxxxxxxxxxxxxxxxxxxxxx", MoveAndBitfield.Extract),

        // Branches, exception generation and system instructions
        new("x00101xxxxxxxxxxxxxxxxxxxxxxxxxx", Branches.Immediate),
        new("x011010xxxxxxxxxxxxxxxxxxxxxxxxx", Branches.Compare),
        new("x011011xxxxxxxxxxxxxxxxxxxxxxxxx", Branches.Test),
        new("01010100xxxxxxxxxxxxxxxxxxxxxxxx", Branches.Conditional),
        new("1101011xxxxxxxxxxxxxxxxxxxxxxxxx", Branches.Register),
        new("1101011xxxxxxxxxxxxxxxxxxxxxxxxx", AuthenticatedBranches.Rows),
        new("1101011010xxxxxxxxxxxxxxxxxxxxxx", ExceptionGeneration.Return),
        new("11010100xxxxxxxxxxxxxxxxxxxxxxxx", ExceptionGeneration.Rows),
        new("110101010000001100010000xxxxxxxx", Waits.WithDeadline, Feature.WFxT),
        new("11010101000000110010xxxxxxx11111", SystemInstructions.Hints),
        new("11010101000000110010xxxxxxx11111", SignedPointers.Hints),
        new("11010101000000110010xxxxxxx11111", AuthenticatedBranches.Targets),
        new("11010101000000110011xxxxxxxxxxxx", SystemInstructions.Barriers),
        new("1101010100000xxx0100xxxxxxx11111", SystemInstructions.ProcessState),
        new("1101010100x1xxxxxxxxxxxxxxxxxxxx", SystemInstructions.Registers),
        new("1101010100x01xxxxxxxxxxxxxxxxxxx", SystemInstructions.Operations),

        // Loads and stores
        new("xx0010000xxxxxxxxxxxxxxxxxxxxxxx", Exclusives.Exclusive),
        new("xx0010001x0xxxxxxxxxxxxxxxxxxxxx", Exclusives.Ordered),
        new("xx00100xxx1xxxxxxxxxxxxxxxxxxxxx", Exclusives.CompareAndSwap, Feature.LSE),
        new("xx011001xx0xxxxxxxxx00xxxxxxxxxx", Exclusives.RcpcUnscaled, Feature.LRCPC2),
        new("00011x01xx0xxxxxxxxx01xxxxxxxxxx", MemoryCopyAndSet.Rows, Feature.MOPS),
        new("xx011000xxxxxxxxxxxxxxxxxxxxxxxx", LoadStore.Literal),
        new("xx10100xxxxxxxxxxxxxxxxxxxxxxxxx", LoadStorePair.Rows),
        new("xx111001xxxxxxxxxxxxxxxxxxxxxxxx", LoadStore.UnsignedImmediate),
        new("xx111000xx0xxxxxxxxx00xxxxxxxxxx", LoadStore.UnscaledImmediate),
        new("xx111000xx0xxxxxxxxx01xxxxxxxxxx", LoadStore.PostIndexed),
        new("xx111000xx0xxxxxxxxx10xxxxxxxxxx", LoadStore.Unprivileged),
        new("xx111000xx0xxxxxxxxx11xxxxxxxxxx", LoadStore.PreIndexed),
        new("xx111000xx1xxxxxxxxx00xxxxxxxxxx", Atomics.Rows, Feature.LSE),
        new("xx111000101xxxxx1100xxxxxxxxxxxx", Exclusives.Rcpc, Feature.LRCPC),
        new("xx111000xx1xxxxxxxxx10xxxxxxxxxx", LoadStore.RegisterIndexed),
        new("xx111000xx1xxxxxxxxxx1xxxxxxxxxx", SignedPointers.Loads),

        // Data processing, register
        new("xxx01010xxxxxxxxxxxxxxxxxxxxxxxx", Logical.ShiftedRegister),
        new("xxx01011xx0xxxxxxxxxxxxxxxxxxxxx", AddSubtract.ShiftedRegister),
        new("xxx01011xx1xxxxxxxxxxxxxxxxxxxxx", AddSubtract.ExtendedRegister),
        new("xxx11010000xxxxx000000xxxxxxxxxx", AddSubtract.WithCarry),
        new("xxx11010000xxxxxxxxxxxxxxxxxxxxx", Conditional.FlagManipulation),
        new("xxx11010010xxxxxxxxxxxxxxxxxxxxx", Conditional.Compare),
        new("xxx11010100xxxxxxxxxxxxxxxxxxxxx", Conditional.Select),
        new("x0x11010110xxxxxxxxxxxxxxxxxxxxx", DataProcessing.TwoSource),
        new("x0x11010110xxxxx011xxxxxxxxxxxxx", MinimumMaximum.Register, Feature.CSSC),
        new("x1x11010110xxxxxxxxxxxxxxxxxxxxx", DataProcessing.OneSource),
        new("x0x11010110xxxxxxxxxxxxxxxxxxxxx", SignedPointers.TwoSource),
        new("x1x11010110xxxxxxxxxxxxxxxxxxxxx", SignedPointers.OneSource),
        new("xxx11011xxxxxxxxxxxxxxxxxxxxxxxx", DataProcessing.ThreeSource),

        // Advanced SIMD and floating point
        new("xx10110xxxxxxxxxxxxxxxxxxxxxxxxx", Simd.VectorLoadStore.Pairs),
        new("xx11110xxxxxxxxxxxxxxxxxxxxxxxxx", Simd.VectorLoadStore.Single),
        new("xx011100xxxxxxxxxxxxxxxxxxxxxxxx", Simd.VectorLoadStore.Literal),
        new("0x001100xx0xxxxxxxxxxxxxxxxxxxxx", Simd.Structures.Rows),
        new("0x001101xxxxxxxxxxxxxxxxxxxxxxxx", Simd.SingleStructures.Rows),
        new("0xx01110000xxxxx0xxxx1xxxxxxxxxx", Simd.CopyAndPermute.Copy),
        new("01x11110000xxxxx0xxxx1xxxxxxxxxx", Simd.CopyAndPermute.ScalarCopy),
        new("0x001110000xxxxx0xxx00xxxxxxxxxx", Simd.TableLookup.Rows),
        new("0x001110xx0xxxxx0xxx10xxxxxxxxxx", Simd.CopyAndPermute.Permute),
        new("0x101110xx0xxxxx0xxxx0xxxxxxxxxx", Simd.CopyAndPermute.Extract),
        new("0xx01110xx0xxxxx1xxxx1xxxxxxxxxx", Simd.ThreeSame.Extension),
        new("01x11110xx0xxxxx1xxxx1xxxxxxxxxx", Simd.ThreeSame.ScalarExtension),
        new("0xx01110xx10000xxxxx10xxxxxxxxxx", Simd.TwoRegisterMiscellaneous.Rows),
        new("01x11110xx10000xxxxx10xxxxxxxxxx", Simd.TwoRegisterMiscellaneous.Scalar),
        new("0xx01110xx11000xxxxx10xxxxxxxxxx", Simd.TwoRegisterMiscellaneous.AcrossLanes),
        new("01x11110xx11000xxxxx10xxxxxxxxxx", Simd.TwoRegisterMiscellaneous.ScalarPairwise),
        new("0xx01110xx1xxxxxxxxx00xxxxxxxxxx", Simd.ThreeDifferent.Rows),
        new("01x11110xx1xxxxxxxxx00xxxxxxxxxx", Simd.ThreeDifferent.Scalar),
        new("0xx01110xx1xxxxxxxxxx1xxxxxxxxxx", Simd.ThreeSame.Rows),
        new("01x11110xx1xxxxxxxxxx1xxxxxxxxxx", Simd.ThreeSame.Scalar),
        new("0xx0111100000xxxxxxxx1xxxxxxxxxx", Simd.ModifiedImmediate.Rows),
        new("0xx011110xxxxxxxxxxxx1xxxxxxxxxx", Simd.ShiftImmediate.Rows),
        new("01x111110xxxxxxxxxxxx1xxxxxxxxxx", Simd.ShiftImmediate.Scalar),
        new("0xx01111xxxxxxxxxxxxx0xxxxxxxxxx", Simd.VectorByElement.Rows),
        new("01x11111xxxxxxxxxxxxx0xxxxxxxxxx", Simd.VectorByElement.Scalar),

        // Floating point: scalars
        new("x0011110xx1xxxxx000000xxxxxxxxxx", Floating.ScalarConversion.Integer),
        new("x0011110xx1xxxxx000000xxxxxxxxxx", Floating.ScalarMove.General),
        new("x0011110xx0xxxxxxxxxxxxxxxxxxxxx", Floating.ScalarConversion.FixedPoint),
        new("00011110xx1xxxxxx10000xxxxxxxxxx", Floating.ScalarArithmetic.OneSource),
        new("00011110xx1xxxxxx10000xxxxxxxxxx", Floating.ScalarMove.Registers),
        new("00011110xx1xxxxxx01000xxxxxxxxxx", Floating.ScalarCompare.Compare),
        new("00011110xx1xxxxxxxx100xxxxxxxxxx", Floating.ScalarMove.Immediate),
        new("00011110xx1xxxxxxxxx01xxxxxxxxxx", Floating.ScalarCompare.ConditionalCompare),
        new("00011110xx1xxxxxxxxx10xxxxxxxxxx", Floating.ScalarArithmetic.TwoSource),
        new("00011110xx1xxxxxxxxx11xxxxxxxxxx", Floating.ScalarCompare.Select),
        new("00011111xxxxxxxxxxxxxxxxxxxxxxxx", Floating.ScalarArithmetic.ThreeSource),

        // Floating point: vectors, and scalars in their encodings
        new("0xx01110xxxxxxxxxxxxx1xxxxxxxxxx", Floating.VectorArithmetic.ThreeSame),
        new("01x11110xxxxxxxxxxxxx1xxxxxxxxxx", Floating.VectorArithmetic.ScalarThreeSame),
        new("0xxx1111xxxxxxxxxxxxx0xxxxxxxxxx", Floating.VectorArithmetic.Indexed),
        new("0xx01110x011000xxxxx10xxxxxxxxxx", Floating.VectorArithmetic.AcrossLanes),
        new("01x11110xx11000xxxxx10xxxxxxxxxx", Floating.VectorArithmetic.ScalarPairs),
        new("0xx01110xx1xxx0xxxxx10xxxxxxxxxx", Floating.VectorMiscellaneous.Vectors),
        new("01x11110xx1xxx0xxxxx10xxxxxxxxxx", Floating.VectorMiscellaneous.Scalars),
        new("0xxx11110xxxxxxx111xx1xxxxxxxxxx", Floating.VectorMiscellaneous.FixedPoint),
        new("0xx01110x01xxxxx11xx11xxxxxxxxxx", Floating.LengtheningProducts.Vectors, Feature.FHM),
        new("0xx0111110xxxxxxxxxxx0xxxxxxxxxx", Floating.LengtheningProducts.Indexed, Feature.FHM),
        new("0x101110xx0xxxxx11xxx1xxxxxxxxxx", Floating.ComplexNumbers.Vectors, Feature.FCMA),
        new("0x101111xxxxxxxx0xx1x0xxxxxxxxxx", Floating.ComplexNumbers.Indexed, Feature.FCMA),
        new("0x101110x10xxxxx111x11xxxxxxxxxx", Floating.BFloatProducts.Vectors, Feature.BF16),
        new("0x001111x1xxxxxx1111x0xxxxxxxxxx", Floating.BFloatProducts.Indexed, Feature.BF16),

        // Cryptography
        new("0100111000101000xxxx10xxxxxxxxxx", Simd.Aes.Rows, Feature.AES),
        new("01011110000xxxxx0xxx00xxxxxxxxxx", Simd.Sha.ThreeRegisters),
        new("0101111000101000xxxx10xxxxxxxxxx", Simd.Sha.TwoRegisters),
        new("11001110xxxxxxxxxxxxxxxxxxxxxxxx", Simd.Sha512.Rows, Feature.SHA512),
        new("11001110xxxxxxxxxxxxxxxxxxxxxxxx", Simd.Sha3.Rows, Feature.SHA3),
        new("11001110xxxxxxxxxxxxxxxxxxxxxxxx", Simd.Sm3.Rows, Feature.SM3),
        new("11001110xxxxxxxxxxxxxxxxxxxxxxxx", Simd.Sm4.Rows, Feature.SM4),
    ];
}
