using Armillary.Machine.Gic;
using Armillary.Machine.Pl011;
using Armillary.Machine.Pl031;
using Armillary.Machine.Pl061;
using Armillary.Machine.Virtio;

namespace Armillary.Machine;

/// <summary>The devices of a board as a whole.</summary>
internal sealed record BoardState(InterruptControllerState Gic, Pl011State Uart, Pl031State Clock, Pl061State Gpio, IReadOnlyList<VirtioState> Virtio);
