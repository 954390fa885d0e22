using System.Runtime.InteropServices;
using Armillary.Arm64;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Interpreter;
using Armillary.Emulation.Memory;
using Armillary.Emulation.Models;
using Armillary.Emulation.PointerAuthentication;
using Armillary.Emulation.SystemRegisters;

namespace Armillary.Emulation.Cpu;

/// <summary>A virtual CPU of the software engine: the seam's state and life. The other parts of the class are the run loop
/// (Run), data accesses (Memory), exclusives and atomics (Atomics), and exception entry (Exceptions).</summary>
internal sealed unsafe partial class SoftwareVirtualCpu : VirtualCpu
{
    private readonly SoftwareVirtualMachine _machine;
    private readonly CpuState* _state;
    private readonly Op* _specials;
    private readonly CodeCache _code;
    private readonly GCHandle _self;

    internal SoftwareVirtualCpu(SoftwareVirtualMachine machine, int index) : base(machine, index)
    {
        _machine = machine;
        _state = CpuState.Allocate();
        _specials = (Op*)NativeMemory.AlignedAlloc(5 * (nuint)sizeof(Op), 64);
        NativeMemory.Clear(_specials, 5 * (nuint)sizeof(Op));
        _specials[0].Handler = &SpecialOps.Miss;
        _specials[1].Handler = &SpecialOps.Attention;
        _specials[2].Handler = &SpecialOps.Exit;
        _specials[3].Handler = &SpecialOps.Resume;
        _specials[4].Handler = &SpecialOps.Hot;
        _state->MissOp = _specials;
        _state->AttentionOp = _specials + 1;
        _state->ExitOp = _specials + 2;
        _state->HotOp = _specials + 4;
        _state->TranslatedHandler = &SpecialOps.Translated;
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        _state->Self = GCHandle.ToIntPtr(_self);
        _code = new CodeCache(_state, _tlb, Model);
        _alarm = machine.CreateAlarm(() => Want(Wants.Timer));
        Registers = new SystemRegisterFile(index);
        Performance = MakePerformanceUnit();
        Reset();
    }

    /// <summary>1 while in the run loop and not paused; see <see cref="SoftwareVirtualMachine.StandStill"/>.</summary>
    internal int Inside;

    /// <summary>The fast part of the state.</summary>
    internal CpuState* State => _state;

    /// <summary>FPCR and FPSR.</summary>
    internal ref FloatingState Floating => ref _state->Floating;

    /// <summary>The predecoded code.</summary>
    internal CodeCache Code => _code;

    /// <summary>System registers that are plain storage.</summary>
    internal SystemRegisterFile Registers { get; }

    internal SoftwareVirtualMachine Machine => _machine;

    /// <summary>What CPU it is.</summary>
    internal CpuModel Model => _machine.Model;

    /// <summary>Its keys for pointers.</summary>
    internal PointerSigner Signer { get; } = new();

    /// <summary>PSTATE without NZCV and the mode bits, which have their own places.</summary>
    internal uint PstateBits
    {
        get;
        set
        {
            field = value;
            if (_lines != 0 && Unmasked(value) != 0) Want(Wants.Interrupt);
        }
    }

    /// <summary>0 or 1.</summary>
    internal int ExceptionLevel { get; private set; }

    /// <summary>PSTATE.SP: false for SP_EL0.</summary>
    internal bool UsesOwnStackPointer { get; private set; }

    /// <summary>Time since the machine was made, in ticks of CNTFRQ_EL0.</summary>
    internal ulong Counter => _machine.Counter;

    private void Reset()
    {
        UsesOwnStackPointer = true;
        ExceptionLevel = 1;
        PstateBits = Arm64.Pstate.Daif;
        SelectTables();
        _state->Z = 1;
        UpdateAlignment();
        UpdateFloatingTrap();
        UpdateSigner();
    }

    /// <summary>PSTATE as SPSR_EL1 holds it, without BTYPE.</summary>
    internal uint ReadPstate()
    {
        uint n = (uint)(_state->N >> 63) << 31, v = (uint)(_state->V >> 63) << 28;
        uint z = _state->Z == 0 ? Arm64.Pstate.Z : 0, c = _state->C != 0 ? Arm64.Pstate.C : 0;
        uint mode = ExceptionLevel == 0 ? Arm64.Pstate.EL0t : UsesOwnStackPointer ? Arm64.Pstate.EL1h : Arm64.Pstate.EL1t;
        return n | z | c | v | PstateBits | mode;
    }

    /// <summary>Sets PSTATE without BTYPE, the current stack pointer with it. The mode must be EL0t, EL1t or EL1h.</summary>
    internal void WritePstate(uint value)
    {
        _state->N = (ulong)value << 32;
        _state->Z = ~value & Arm64.Pstate.Z;
        _state->C = (value >> 29) & 1;
        _state->V = (ulong)value << 35;
        PstateBits = value & ~Model.AbsentState & (Arm64.Pstate.Daif | Arm64.Pstate.SS | Arm64.Pstate.IL | Arm64.Pstate.PAN | Arm64.Pstate.UAO | Arm64.Pstate.DIT | Arm64.Pstate.SSBS);
        ExceptionLevel = Arm64.Pstate.ExceptionLevel(value);
        SelectTables();
        UpdateAlignment();
        UpdateFloatingTrap();
        SelectStackPointer((value & 1) != 0);
    }

    /// <summary>PSTATE.PAN.</summary>
    internal bool HasPan => (PstateBits & Arm64.Pstate.PAN) != 0;

    /// <summary>PSTATE.SP.</summary>
    internal void SelectStackPointer(bool own)
    {
        if (own == UsesOwnStackPointer) return;
        ref ulong current = ref _state->X[RegisterSlots.StackPointer];
        Registers[UsesOwnStackPointer ? SystemRegister.SP_EL1 : SystemRegister.SP_EL0] = current;
        UsesOwnStackPointer = own;
        current = Registers[own ? SystemRegister.SP_EL1 : SystemRegister.SP_EL0];
    }

    /// <summary>A stack pointer, whether it is the current one or not.</summary>
    internal ulong ReadStackPointer(bool own) => own == UsesOwnStackPointer
        ? _state->X[RegisterSlots.StackPointer]
        : Registers[own ? SystemRegister.SP_EL1 : SystemRegister.SP_EL0];

    /// <inheritdoc cref="ReadStackPointer"/>
    internal void WriteStackPointer(bool own, ulong value)
    {
        if (own == UsesOwnStackPointer) _state->X[RegisterSlots.StackPointer] = value;
        else Registers[own ? SystemRegister.SP_EL1 : SystemRegister.SP_EL0] = value;
    }

    private protected override ulong GetXCore(int register) => _state->X[register];

    private protected override void SetXCore(int register, ulong value) => _state->X[register] = value;

    private protected override ulong GetPcCore() => _state->Pc;

    private protected override void SetPcCore(ulong value)
    {
        _state->Pc = value;
        AbandonAccess();
    }

    private protected override uint GetPstateCore() => ReadPstate() | (BranchTypeAt(Count) << BranchTypeShift);

    private protected override void SetPstateCore(uint value)
    {
        WritePstate(value);
        _state->BranchMark = Count | BranchTypeOf(value & ~Model.AbsentState);
    }

    private protected override UInt128 GetVCore(int register) => *(UInt128*)CpuState.VectorRegister(_state, register);

    private protected override void SetVCore(int register, UInt128 value) => *(UInt128*)CpuState.VectorRegister(_state, register) = value;

    private protected override bool TryGetSystemRegisterCore(SystemRegister register, out ulong value)
    {
        value = 0;
        if (!Model.Has(Features.Of(register)) || !SystemRegisterTable.TryFind(register, out SystemRegisterRow? row) || row.Read is null) return false;
        value = row.Read(this);
        return true;
    }

    private protected override bool TrySetSystemRegisterCore(SystemRegister register, ulong value)
    {
        if (!Model.Has(Features.Of(register)) || !SystemRegisterTable.TryFind(register, out SystemRegisterRow? row) || (row.HostWrite ?? row.Write) is not { } write) return false;
        write(this, value);
        return true;
    }

    private protected override void SetTrapDebugExceptionsCore(bool value)
    {
        // Read where a debug exception is taken.
    }

    private protected override bool SeesSemihostingCalls => true;

    private protected override ulong? GetInstructionCountCore() => IsRunning ? _retiredAtAccess : _retired;

    private protected override void DisposeCore()
    {
        _machine.Forget(this);
        lock (_outside)
        {
            _gone = true;
            _changedCode.Clear();
        }

        _alarm.Dispose();
        _awake.Dispose();
        _code.Dispose();
        _codeMemory?.Dispose();
        _tlb.Dispose();
        _self.Free();
        NativeMemory.AlignedFree(_specials);
        NativeMemory.AlignedFree(_state);
    }
}
