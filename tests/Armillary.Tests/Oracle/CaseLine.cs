using Armillary.Emulation.Disassembly;
using Armillary.Tests.Instructions;

namespace Armillary.Tests.Oracle;

/// <summary>A case on which two subjects differ, as a line for the instruction files: what the right one does.</summary>
/// <param name="expected">Who is right.</param>
/// <param name="differs">Whether a case shows the difference.</param>
internal sealed class CaseLine(IOracleSubject expected, Func<OracleCase, bool> differs)
{
    private const ulong NoiseSeed = 20_261_127;
    private const int CellSize = 8;

    /// <summary>The line, or null if a line cannot say it: the program does not come to an end, or ends in a fault.</summary>
    public string? Of(OracleCase failing)
    {
        NamedState before = Everything(failing.Before);
        if (!differs(With(failing, before))) return null;
        Forget(before.X, failing, before);
        Forget(before.V, failing, before);
        Forget(failing, before, before.Sp, value => before.Sp = value);
        Forget(failing, before, before.Nzcv, value => before.Nzcv = value);
        Forget(failing, before, before.TpidrEL0, value => before.TpidrEL0 = value);
        Forget(failing, before, before.Fpcr, value => before.Fpcr = value);
        Forget(failing, before, before.Fpsr, value => before.Fpsr = value);
        for (int size = before.Memory.Count; size >= 1; size /= 2) ForgetCells(failing, before, size);

        GuestState state = State(before);
        OracleResult result = expected.Run(failing with { Before = state });
        bool undefined = result.Stop == OracleStop.Undefined && failing.Program.Count == 1;
        if (!undefined && result.Stop != OracleStop.Breakpoint) return null;
        NamedState after = undefined ? new NamedState() : Changes(before, state, result.After, failing.Program.Count);
        return new InstructionCase
        {
            File = "",
            Line = 1,
            Words = failing.Program,
            Text = string.Join("; ", failing.Program.Select(static (word, i) => Disassembler.Disassemble(word, GuestState.CodeAddress + (4 * (ulong)i)))),
            Before = before,
            After = after,
            IsUndefined = undefined,
        }.ToString();
    }

    private static GuestState State(NamedState named)
    {
        var state = GuestState.CreateNoise(NoiseSeed);
        named.ApplyTo(state);
        return state;
    }

    private static OracleCase With(OracleCase failing, NamedState before) => failing with { Before = State(before) };

    private static NamedState Everything(GuestState state)
    {
        var named = new NamedState { Sp = state.Sp, Nzcv = state.Nzcv, TpidrEL0 = state.TpidrEL0, Fpcr = state.Fpcr, Fpsr = state.Fpsr };
        for (int i = 0; i < GuestState.XCount; i++) named.X.Add(i, state.X[i]);
        for (int i = 0; i < GuestState.VCount; i++) named.V.Add(i, state.V[i]);
        for (int at = 0; at < GuestState.WindowSize; at += CellSize) named.Memory.Add(Cell(state, at));
        named.Memory.AddRange(state.Literals);
        return named;
    }

    private static MemoryCell Cell(GuestState state, int at) => new(GuestState.WindowAddress + (ulong)at, CellSize, BitConverter.ToUInt64(state.Window, at));

    private void Forget<T>(SortedDictionary<int, T> registers, OracleCase failing, NamedState before)
    {
        foreach (int register in registers.Keys.ToArray())
        {
            registers.Remove(register, out T? value);
            if (!differs(With(failing, before))) registers.Add(register, value!);
        }
    }

    private void Forget<T>(OracleCase failing, NamedState before, T? value, Action<T?> set) where T : struct
    {
        set(null);
        if (!differs(With(failing, before))) set(value);
    }

    private void ForgetCells(OracleCase failing, NamedState before, int size)
    {
        for (int at = 0; at < before.Memory.Count;)
        {
            int count = Math.Min(size, before.Memory.Count - at);
            MemoryCell[] taken = [.. before.Memory.Skip(at).Take(count)];
            before.Memory.RemoveRange(at, count);
            if (differs(With(failing, before))) continue;
            before.Memory.InsertRange(at, taken);
            at += count;
        }
    }

    // What changed is named before too: part of it may have been kept.
    private static NamedState Changes(NamedState before, GuestState state, GuestState result, int length)
    {
        var after = new NamedState();
        for (int i = 0; i < GuestState.XCount; i++)
        {
            if (state.X[i] == result.X[i]) continue;
            before.X[i] = state.X[i];
            after.X.Add(i, result.X[i]);
        }

        for (int i = 0; i < GuestState.VCount; i++)
        {
            if (state.V[i] == result.V[i]) continue;
            before.V[i] = state.V[i];
            after.V.Add(i, result.V[i]);
        }

        if (state.Sp != result.Sp) (before.Sp, after.Sp) = (state.Sp, result.Sp);
        if (state.Nzcv != result.Nzcv) (before.Nzcv, after.Nzcv) = (state.Nzcv, result.Nzcv);
        if (state.TpidrEL0 != result.TpidrEL0) (before.TpidrEL0, after.TpidrEL0) = (state.TpidrEL0, result.TpidrEL0);
        if (state.Fpcr != result.Fpcr) (before.Fpcr, after.Fpcr) = (state.Fpcr, result.Fpcr);
        if (state.Fpsr != result.Fpsr) (before.Fpsr, after.Fpsr) = (state.Fpsr, result.Fpsr);
        for (int at = 0; at < GuestState.WindowSize; at += CellSize)
        {
            MemoryCell was = Cell(state, at), now = Cell(result, at);
            if (was == now) continue;
            if (!before.Memory.Contains(was)) before.Memory.Add(was);
            after.Memory.Add(now);
        }

        long offset = (long)(result.Pc - GuestState.CodeAddress);
        if (offset != 4L * length) after.PcOffset = offset;
        return after;
    }
}
