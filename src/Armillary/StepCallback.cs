namespace Armillary;

/// <summary>Is called by <see cref="Hypervisor.Run"/> before each guest instruction.</summary>
/// <param name="cpu">
/// The virtual CPU; its PC is the instruction about to run. Registers and memory may be read and changed, PC included.
/// It must not be run from here.
/// </param>
/// <param name="iteration">How many instructions this run has executed so far: 0 at the first call.</param>
/// <returns>True to go on; false to stop before the instruction, as <see cref="RunOutcome.Stopped"/>.</returns>
public delegate bool StepCallback(VirtualCpu cpu, long iteration);
