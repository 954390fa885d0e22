using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Jit;

namespace Armillary.Emulation.Cpu;

// Translated code of a virtual CPU: its own, so nobody else can be executing what goes.
internal sealed unsafe partial class SoftwareVirtualCpu
{
    private RegionCompiler? _compiler;
    private CodeMemory? _codeMemory;
    private bool _cannotTranslate = !Sse41.X64.IsSupported;

    /// <summary>Bytes of translated code at most; a region is about 2 KiB. Read when the first one is made.</summary>
    internal int CodeMemorySize { get; set; } = 16 << 20;

    /// <summary>Bytes of translated code.</summary>
    internal int TranslatedBytes => _codeMemory?.Used ?? 0;

    /// <summary>A branch was taken often: translates what it leads to.</summary>
    internal Op* NoticeHeat(Op* branch)
    {
        ulong target = _state->HotTarget;
        JumpEntry* page = CpuState.Jump(_state, target);
        if (page->Tag == (target & ~0xffcul)) Translate(page->Ops + ((target >> 2) & (CodePage.Instructions - 1)));
        return branch;
    }

    /// <summary>Outside a run: the same for an address. For comparing engines.</summary>
    internal void Translate(ulong va)
    {
        ForgetChangedCode();
        Op* op = Locate(va, 0);
        if (!IsSpecial(op)) Translate(op);
    }

    /// <summary>Has translated code execute an op from here on, if it can.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Translate(Op* entry)
    {
        if (!_machine.Translates || _cannotTranslate) return;
        CodePage page = _code.PageOf(entry);
        if (!page.MayTranslate(entry)) return;
        _codeMemory ??= CodeMemory.TryCreate(CodeMemorySize);
        if (_codeMemory is null)
        {
            _cannotTranslate = true;
            return;
        }

        ReadOnlySpan<byte> code = Region.TryCollect(entry, page) is { } region ? (_compiler ??= new()).Compile(region) : default;
        nint address = code.IsEmpty ? 0 : _codeMemory.Add(code);
        if (address == 0 && !code.IsEmpty)
        {
            _code.DropRegions();
            _codeMemory.Clear();
            address = _codeMemory.Add(code);
        }

        page.SetRegion(entry, address);
    }
}
