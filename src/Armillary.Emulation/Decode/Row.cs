using Armillary.Emulation.Cpu;
using Armillary.Emulation.Disassembly;
using Armillary.Emulation.Ir;
using Armillary.Emulation.Machines;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Decode;

/// <summary>One encoding: its pattern, its name in the manual, its assembly text, and its meaning on every machine.</summary>
internal abstract unsafe class Row
{
    private Pattern? _pattern;
    private TextTemplate? _template;
    private int _chained;

    /// <summary>See <see cref="Decode.Pattern"/>.</summary>
    public required string Pattern { get; init; }

    /// <summary>The manual's name of the encoding, such as <c>ADD (immediate)</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Assembly text: alternatives in order of preference, see <see cref="TextTemplate"/>.</summary>
    public string Text { get; init; } = "";

    /// <summary>For patterns without a width letter: false for a 32-bit operation.</summary>
    public bool Is64 { get; init; } = true;

    /// <summary>True for a reserved or unallocated encoding.</summary>
    public bool IsUndefined { get; init; }

    /// <summary>The feature that it belongs to. A CPU without it takes the encoding for unallocated, or for a NOP if it is a hint.</summary>
    public Feature Feature { get; set; }

    /// <summary>What may branch to it in a guarded page.</summary>
    public Landing Landing { get; init; }

    /// <summary>Index in <see cref="DecodeTable.Rows"/>.</summary>
    public ushort Index { get; internal set; }

    /// <summary>The text, compiled when the disassembler first asks.</summary>
    public TextTemplate Template => _template ??= new TextTemplate(Text, Encoding);

    public Pattern Encoding => _pattern ??= new Pattern(Pattern, Is64);

    /// <summary>The row's own part of decoding; false for a reserved value.</summary>
    public abstract bool DecodeOperands(uint word, ref Operands o);

    /// <summary>True for a branch to a fixed address, which has a handler of its own for targets in the page.</summary>
    public abstract bool IsDirectBranch { get; }

    /// <summary>For a branch to a register, what it makes of PSTATE.BTYPE.</summary>
    public abstract IndirectBranch IndirectBranch { get; }

    /// <summary>True for a memory access through the base register Rn.</summary>
    public abstract bool UsesBase { get; }

    /// <summary>The feature that decoded operands need.</summary>
    public abstract Feature Requires(in Operands o);

    /// <summary>The best handler so far of the operands' form.</summary>
    public delegate*<CpuState*, Op*, Op*> Handler(bool is64, bool near) => IsChained(is64, near) ? Chain(is64, near) : Step(is64, near);

    /// <summary>True if the tail-threaded handler has been compiled.</summary>
    public bool IsChained(bool is64, bool near) => (Volatile.Read(ref _chained) & Form(is64, near)) != 0;

    /// <summary>
    /// Compiles the tail-threaded handler ahead of its first call, and uses it if it really is one. Any thread.
    /// </summary>
    public void PrepareChain(bool is64, bool near, in Operands sample)
    {
        PrepareChainCore(is64, near);
        if (Interpreter.ChainProbe.JumpsAtItsEnd(Chain(is64, near), sample)) Interlocked.Or(ref _chained, Form(is64, near));
    }

    protected abstract delegate*<CpuState*, Op*, Op*> Step(bool is64, bool near);

    protected abstract delegate*<CpuState*, Op*, Op*> Chain(bool is64, bool near);

    protected abstract void PrepareChainCore(bool is64, bool near);

    /// <summary>Executes the op on the slow path.</summary>
    public abstract Op* ExecuteSlow(CpuState* c, Op* op);

    /// <summary>Writes the instruction down as IR.</summary>
    public abstract void Translate(IrBuffer buffer, in Operands o);

    private static int Form(bool is64, bool near) => 1 << ((is64 ? 2 : 0) + (near ? 1 : 0));
}

/// <summary>Gives rows to a feature.</summary>
internal static class RowFeatures
{
    /// <summary>The rows, of a feature.</summary>
    public static Row[] Of(this IEnumerable<Row> rows, Feature feature) => [.. rows.Select(row => row.Of(feature))];

    /// <inheritdoc cref="Of(IEnumerable{Row}, Feature)"/>
    public static T Of<T>(this T row, Feature feature) where T : Row
    {
        row.Feature = feature;
        return row;
    }
}

/// <summary>A row whose meaning is <typeparamref name="I"/>; the one registration that serves every machine.</summary>
internal sealed unsafe class RowOf<I> : Row where I : struct, IInstruction
{
    public override bool DecodeOperands(uint word, ref Operands o) => I.Decode(word, ref o);

    public override bool IsDirectBranch => I.IsDirectBranch;

    public override IndirectBranch IndirectBranch => I.IndirectBranch;

    public override bool UsesBase => I.UsesBase;

    public override Feature Requires(in Operands o) => Feature == Feature.None ? I.Requires(o) : Feature;

    protected override delegate*<CpuState*, Op*, Op*> Step(bool is64, bool near) => is64
        ? near ? &Interpreter.Dispatch.Step<I, X64, Near> : &Interpreter.Dispatch.Step<I, X64, Far>
        : near ? &Interpreter.Dispatch.Step<I, W32, Near> : &Interpreter.Dispatch.Step<I, W32, Far>;

    protected override delegate*<CpuState*, Op*, Op*> Chain(bool is64, bool near) => is64
        ? near ? &Interpreter.Dispatch.Chain<I, X64, Near> : &Interpreter.Dispatch.Chain<I, X64, Far>
        : near ? &Interpreter.Dispatch.Chain<I, W32, Near> : &Interpreter.Dispatch.Chain<I, W32, Far>;

    protected override void PrepareChainCore(bool is64, bool near)
    {
        Interpreter.Handler handler = is64
            ? near ? Interpreter.Dispatch.Chain<I, X64, Near> : Interpreter.Dispatch.Chain<I, X64, Far>
            : near ? Interpreter.Dispatch.Chain<I, W32, Near> : Interpreter.Dispatch.Chain<I, W32, Far>;
        System.Runtime.CompilerServices.RuntimeHelpers.PrepareDelegate(handler);
    }

    public override Op* ExecuteSlow(CpuState* c, Op* op) => op->Operands.Is64
        ? Interpreter.Dispatch.Step<I, X64, Slow>(c, op)
        : Interpreter.Dispatch.Step<I, W32, Slow>(c, op);

    public override void Translate(IrBuffer buffer, in Operands o)
    {
        buffer.BeginInstruction();
        var translator = new Translator(buffer);
        if (o.Is64) I.Execute<Translator, I64, I64>(ref translator, o);
        else I.Execute<Translator, I32, I64>(ref translator, o);
    }
}
