using System.Runtime.InteropServices;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Decode;

/// <summary>What a page of code is known by: a guarded page's code is decoded differently.</summary>
internal readonly record struct CodePageKey(ulong Va, ulong Gpa, bool IsGuarded);

/// <summary>The predecoded code of one virtual page: 1024 ops, and one that goes on in the next page.</summary>
internal sealed unsafe class CodePage : IDisposable
{
    public const int Size = 4096;
    public const int Instructions = Size / 4;

    private const nint Refused = 1;

    private readonly byte* _host;
    private readonly CpuModel _model;

    // Translated code by instruction, or Refused, once there is any; the op behind the last instruction has it too.
    private nint* _regions;

    public CodePage(CodePageKey key, byte* host, int id, CpuModel model)
    {
        Id = id;
        Key = key;
        _host = host;
        _model = model;
        Ops = (Op*)NativeMemory.AlignedAlloc((Instructions + 1) * (nuint)sizeof(Op), 64);
        for (int i = 0; i <= Instructions; i++)
        {
            Ops[i].Operands = new Operands { Pc = key.Va + (ulong)(4 * i) };
            Ops[i].Operands.Aux = i < Instructions ? 0 : id;
            Ops[i].Handler = i < Instructions ? &Interpreter.SpecialOps.Undecoded : &Interpreter.SpecialOps.Enter;
        }
    }

    /// <summary>Number in the cache; the op behind the last instruction keeps it too.</summary>
    public int Id { get; }

    public CodePageKey Key { get; }

    public Op* Ops { get; private set; }

    /// <summary>Another virtual page of the same physical one.</summary>
    public CodePage? NextAlias { get; set; }

    /// <summary>The number of an op's page.</summary>
    public static int IdOf(Op* op) => op[Instructions - (int)((op->Operands.Pc >> 2) & (Instructions - 1))].Operands.Aux;

    /// <summary>
    /// Makes the ops of a range of bytes in the page undecoded again. One of them may be executing: its operands stay.
    /// </summary>
    public void Forget(ulong offset, ulong length)
    {
        DropRegions();
        for (ulong i = offset / 4; i <= (offset + length - 1) / 4; i++)
        {
            Ops[i].Operands.Row = DecodeTable.Undecoded;
            Ops[i].Handler = &Interpreter.SpecialOps.Undecoded;
        }
    }

    /// <summary>The page is no longer this one: whoever is in it looks its next address up again.</summary>
    public void Abandon()
    {
        DropRegions();
        for (int i = 0; i < Instructions; i++) Ops[i].Handler = &Interpreter.SpecialOps.Enter;
    }

    /// <summary>Decodes an op in place.</summary>
    public void Decode(Op* op)
    {
        uint word = Volatile.Read(ref *(uint*)(_host + (op->Operands.Pc & (Size - 1))));
        Row row = DecodeTable.Decode(word, op->Operands.Pc, _model, Key.IsGuarded, out Operands o);
        bool near = IsNear(row, o);
        if (near && row.IsDirectBranch) o.Near = (int)(((o.Imm >> 2) & (Instructions - 1)) - (long)((o.Pc >> 2) & (Instructions - 1))) * sizeof(Op);
        op->Operands = o;
        op->Handler = row.Handler(o.Is64, near);
    }

    /// <summary>Gives every decoded op the best handler that its row has by now.</summary>
    public void UpgradeHandlers()
    {
        for (int i = 0; i < Instructions; i++)
        {
            ref Operands o = ref Ops[i].Operands;
            if (o.Row != DecodeTable.Undecoded && !IsTranslated(i)) Ops[i].Handler = BestHandler(o);
        }
    }

    /// <summary>Adds the rows of the decoded ops that have no tail-threaded handler yet.</summary>
    public void CollectUnchained(Dictionary<(Row Row, bool Is64, bool Near), Operands> found)
    {
        for (int i = 0; i < Instructions; i++)
        {
            ref Operands o = ref Ops[i].Operands;
            if (o.Row == DecodeTable.Undecoded) continue;
            Row row = DecodeTable.Rows[o.Row];
            bool near = IsNear(row, o);
            if (!row.IsChained(o.Is64, near)) found.TryAdd((row, o.Is64, near), o);
        }
    }

    /// <summary>Nothing is known yet of translating from an op on.</summary>
    public bool MayTranslate(Op* op) => _regions is null || _regions[op - Ops] == 0;

    /// <summary>An op is executed by translated code from here on; without any, it will not be asked for again.</summary>
    public void SetRegion(Op* op, nint code)
    {
        if (_regions is null)
        {
            _regions = (nint*)NativeMemory.AllocZeroed(Instructions, (nuint)sizeof(nint));
            Ops[Instructions].Operands.Imm = (nint)_regions;
        }

        _regions[op - Ops] = code == 0 ? Refused : code;
        if (code != 0) op->Handler = &Interpreter.SpecialOps.Translated;
    }

    /// <summary>The translated code of an op that has <see cref="Interpreter.SpecialOps.Translated"/>.</summary>
    public static nint RegionOf(Op* op)
    {
        int index = (int)((op->Operands.Pc >> 2) & (Instructions - 1));
        return ((nint*)op[Instructions - index].Operands.Imm)[index];
    }

    /// <summary>No op is executed by translated code any more.</summary>
    public void DropRegions()
    {
        if (_regions is null) return;
        for (int i = 0; i < Instructions; i++)
        {
            if (IsTranslated(i)) Ops[i].Handler = BestHandler(Ops[i].Operands);
        }

        NativeMemory.Free(_regions);
        _regions = null;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Ops);
        Ops = null;
    }

    private bool IsTranslated(int index) => _regions is not null && _regions[index] is not (0 or Refused);

    private static delegate*<Cpu.CpuState*, Op*, Op*> BestHandler(in Operands o)
    {
        Row row = DecodeTable.Rows[o.Row];
        return row.Handler(o.Is64, IsNear(row, o));
    }

    // The common case of IPath.Near.
    private static bool IsNear(Row row, in Operands o)
        => row.IsDirectBranch ? (((ulong)o.Imm ^ o.Pc) & ~(ulong)(Size - 1)) == 0 : o.Rn != RegisterSlots.StackPointer || !row.UsesBase;
}
