using Armillary.Arm64;
using Armillary.Emulation.Decode;
using Armillary.Emulation.Machines;

namespace Armillary.Emulation.Cpu;

// PSTATE.BTYPE. It lives for one instruction, so it is not cleared: CpuState.BranchMark says for which one it holds.
internal sealed unsafe partial class SoftwareVirtualCpu
{
    private const int BranchTypeShift = 10;

    // Of the exception that a helper took: SPSR_EL1 has BTYPE too. Of its exception return: BTYPE behind it.
    private bool _keepsBranchType;
    private uint _returnedBranchType;

    private static uint BranchTypeOf(uint pstate) => (pstate & Arm64.Pstate.BTYPE) >> BranchTypeShift;

    /// <summary>The count of instructions at an op, in the unit of <see cref="CpuState.RetiredBias"/>.</summary>
    private long CountAt(Op* op) => _state->RetiredBias + (long)op;

    // Outside the run loop.
    private long Count => (long)((IsRunning ? _retiredAtAccess : _retired) * (ulong)sizeof(Op));

    /// <summary>BTYPE of the instruction that is the next at a count.</summary>
    private uint BranchTypeAt(long count) => (_state->BranchMark & ~7) == count ? (uint)_state->BranchMark & 3 : 0;

    // Behind a helper that does not simply go on.
    private void SettleBranchType(HelperOutcome outcome, long count)
    {
        if (outcome == HelperOutcome.Exception)
        {
            if (_keepsBranchType) Registers[SystemRegister.SPSR_EL1] |= BranchTypeAt(count) << BranchTypeShift;
            _keepsBranchType = false;
            _state->BranchMark = 0;
        }
        else if (_returnedBranchType != 0)
        {
            _state->BranchMark = count | _returnedBranchType;
            _returnedBranchType = 0;
        }
    }
}
