using System.Runtime.CompilerServices;
using Armillary.Emulation.Cpu;
using Armillary.Emulation.Interpreter;
using Armillary.Emulation.Models;

namespace Armillary.Emulation.Decode;

/// <summary>
/// A virtual CPU's predecoded pages. Its size is bounded, whatever the guest executes: a full cache is emptied.
/// </summary>
internal sealed unsafe class CodeCache(CpuState* state, TlbContexts tlb, CpuModel model) : IDisposable
{
    /// <summary>Pages at most: 41 KiB each, so about 84 MiB.</summary>
    public const int Capacity = 2048;

    private readonly CpuState* _state = state;
    private readonly Dictionary<CodePageKey, CodePage> _pages = [];
    private readonly Dictionary<ulong, CodePage> _byGpa = [];
    private readonly List<CodePage> _abandoned = [];
    private readonly CodePage?[] _byId = new CodePage?[Capacity];
    private readonly Stack<int> _freeIds = new(Enumerable.Range(0, Capacity).Reverse());
    private int _chainedPages;

    /// <summary>Pages in native memory: those in use and those that wait to be freed.</summary>
    public int PagesHeld => _pages.Count + _abandoned.Count;

    /// <summary>The op of an address whose translation is known; its page goes into the jump cache.</summary>
    public Op* Enter(ulong va, ulong gpa, byte* host, bool isGuarded)
    {
        var key = new CodePageKey(va & CpuState.PageMask, gpa, isGuarded);
        if (!_pages.TryGetValue(key, out CodePage? code)) code = Add(key, host);
        var entry = new JumpEntry { Tag = key.Va, Ops = code.Ops };
        *CpuState.Jump(_state, va) = entry;
        if (!isGuarded) *CpuState.IndirectJump(_state, va) = entry;
        return code.Ops + ((va >> 2) & (CodePage.Instructions - 1));
    }

    /// <summary>True for an op of a guarded page.</summary>
    public bool IsGuarded(Op* op) => _byId[CodePage.IdOf(op)]!.Key.IsGuarded;

    /// <summary>Decodes an op of a page in the cache.</summary>
    public void Decode(Op* op) => _byId[CodePage.IdOf(op)]!.Decode(op);

    /// <summary>The page of an op in the cache.</summary>
    public CodePage PageOf(Op* op) => _byId[CodePage.IdOf(op)]!;

    /// <summary>No op is executed by translated code any more.</summary>
    public void DropRegions()
    {
        foreach (CodePage page in _pages.Values) page.DropRegions();
    }

    /// <summary>Code in a physical range changed.</summary>
    public void Forget(ulong gpa, ulong length)
    {
        for (ulong at = gpa, left = length; left != 0;)
        {
            ulong offset = at & (CodePage.Size - 1), part = Math.Min(left, CodePage.Size - offset);
            for (CodePage? page = _byGpa.GetValueOrDefault(at - offset); page is not null; page = page.NextAlias) page.Forget(offset, part);
            at += part;
            left -= part;
        }
    }

    /// <summary>Pages of a physical range are no longer code, or no longer there.</summary>
    public void Abandon(ulong gpa, ulong length)
    {
        bool any = false;
        foreach (ulong key in _byGpa.Keys)
        {
            if (key + CodePage.Size <= gpa || key >= gpa + length) continue;
            _byGpa.Remove(key, out CodePage? page);
            for (; page is not null; page = page.NextAlias)
            {
                _pages.Remove(page.Key);
                Abandon(page);
                any = true;
            }
        }

        if (!any) return;
        tlb.ClearJumps();
        AskToFree();
    }

    /// <summary>Frees abandoned pages: only where no op of theirs can be executing.</summary>
    public void FreeAbandoned()
    {
        foreach (CodePage page in _abandoned) page.Dispose();
        _abandoned.Clear();
    }

    /// <summary>
    /// Called after every quarter million dispatches: has the rows that are in use compiled as tail-threaded handlers, in
    /// the background.
    /// </summary>
    public void ConsiderChaining(SoftwareVirtualCpu cpu)
    {
        if (!ChainCompiler.IsSupported || _chainedPages == _pages.Count) return;
        _chainedPages = _pages.Count;
        var found = new Dictionary<(Row, bool, bool), Operands>();
        foreach (CodePage page in _pages.Values) page.CollectUnchained(found);
        ChainCompiler.Compile(found, cpu);
    }

    /// <summary>Gives every decoded op the best handler that there is by now.</summary>
    public void UpgradeHandlers()
    {
        foreach (CodePage page in _pages.Values) page.UpgradeHandlers();
    }

    public void Dispose()
    {
        AbandonAll();
        FreeAbandoned();
    }

    private CodePage Add(CodePageKey key, byte* host)
    {
        if (_freeIds.Count == 0) AbandonAll();
        int id = _freeIds.Pop();
        var page = new CodePage(key, host, id, model) { NextAlias = _byGpa.GetValueOrDefault(key.Gpa) };
        _pages.Add(key, page);
        _byGpa[key.Gpa] = page;
        _byId[id] = page;
        return page;
    }

    private void Abandon(CodePage page)
    {
        page.Abandon();
        _byId[page.Id] = null;
        _freeIds.Push(page.Id);
        _abandoned.Add(page);
    }

    private void AbandonAll()
    {
        foreach (CodePage page in _pages.Values) Abandon(page);
        _pages.Clear();
        _byGpa.Clear();
        tlb.ClearJumps();
        AskToFree();
    }

    // Or a guest that keeps filling the cache between two exits would fill the host's memory.
    private void AskToFree() => Interlocked.Or(ref _state->Attention, SoftwareVirtualCpu.WantsAbandonedFreed);
}
