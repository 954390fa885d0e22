namespace Armillary.Machine.Virtio.Console;

/// <summary>Features, control messages and the configuration of a console device (virtio 1.2, 5.3).</summary>
internal static class ConsoleRegisters
{
    public const ulong SIZE = 1 << 0, MULTIPORT = 1 << 1, EMERG_WRITE = 1 << 2;

    /// <summary>Queues of the control messages: to the driver, and from it.</summary>
    public const int ControlReceive = 2, ControlTransmit = 3;

    public const ushort DEVICE_READY = 0, PORT_ADD = 1, PORT_READY = 3, CONSOLE_PORT = 4, RESIZE = 5, PORT_OPEN = 6, PORT_NAME = 7;

    /// <summary>Bytes of struct virtio_console_control: id, event, value.</summary>
    public const int ControlSize = 8;

    /// <summary>Offsets of struct virtio_console_config, and its size.</summary>
    public const int Columns = 0, Rows = 2, MaxPorts = 4, EmergencyWrite = 8, ConfigurationSize = 12;
}
