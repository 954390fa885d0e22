namespace Armillary.Machine.Virtio.Console;

/// <summary>A console device beyond its transport: the terminal's size, messages to the driver, and of each port whether the guest has it open and what waits for it.</summary>
internal sealed record ConsoleState(ushort Columns, ushort Rows, IReadOnlyList<byte[]> Messages, IReadOnlyList<bool> IsOpen, IReadOnlyList<byte[]> Waiting) : VirtioDeviceState;
