using System.Buffers.Binary;
using System.Text;
using Armillary.Machine.Virtio.Queues;
using static Armillary.Machine.Virtio.Console.ConsoleRegisters;

namespace Armillary.Machine.Virtio.Console;

/// <summary>
/// A console with ports (virtio 1.2, 5.3). A driver without MULTIPORT sees the first port alone. One console alone is offered without: in
/// a message of its size Linux before its commit 5326ab737a47 takes columns for rows, and in the configuration none does.
/// </summary>
internal sealed class ConsoleDevice : VirtioDevice
{
    private const int PartSize = 4096;

    // A driver that asks and never listens gets no more than that.
    private const int MaxMessages = 256;

    private readonly ConsolePort[] _ports;
    private readonly bool[] _isOpen;
    private readonly Queue<byte[]> _messages = new();
    private readonly Lock _lock = new(); // messages, size
    private ushort _columns = 80, _rows = 25;
    private volatile bool _isMultiport;

    public ConsoleDevice(IReadOnlyList<ConsolePort> ports)
    {
        _ports = [.. ports];
        _isOpen = new bool[_ports.Length];
        for (int port = 0; port < _ports.Length; port++)
        {
            int queue = ReceiveQueue(port);
            _ports[port].Connect(() => Transport?.Ring(queue));
        }
    }

    public override uint DeviceId => 3;

    public override ulong Features => SIZE | EMERG_WRITE | (_ports is [{ IsConsole: true }] ? 0 : MULTIPORT);

    public override int QueueCount => 2 + (2 * _ports.Length);

    /// <summary>Any thread: the terminal's size changed.</summary>
    public void Resize(ushort columns, ushort rows)
    {
        lock (_lock) (_columns, _rows) = (columns, rows);
        if (_isMultiport && _ports[0].IsConsole) PostSize();
        Transport?.ChangeConfiguration();
    }

    public override void Detach()
    {
        foreach (ConsolePort port in _ports) port.Connect(null);
    }

    public override void ReadConfiguration(int offset, Span<byte> destination)
    {
        Span<byte> configuration = stackalloc byte[ConfigurationSize];
        configuration.Clear();
        lock (_lock)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(configuration[Columns..], _columns);
            BinaryPrimitives.WriteUInt16LittleEndian(configuration[Rows..], _rows);
        }

        BinaryPrimitives.WriteInt32LittleEndian(configuration[MaxPorts..], _ports.Length);
        destination.Clear();
        if (offset < ConfigurationSize) configuration[offset..Math.Min(offset + destination.Length, ConfigurationSize)].CopyTo(destination);
    }

    public override void WriteConfiguration(int offset, ReadOnlySpan<byte> source)
    {
        if (offset == EmergencyWrite) _ports[0].Receive(source[..1]);
    }

    public override void Start(ulong features)
    {
        _isMultiport = (features & MULTIPORT) != 0;
        if (!_isMultiport) _isOpen[0] = true;
    }

    public override void Reset()
    {
        _isMultiport = false;
        lock (_lock) _messages.Clear();
        Array.Clear(_isOpen);
    }

    public override bool WantsBuffer(int queue)
    {
        if (queue == ControlReceive)
        {
            lock (_lock) return _messages.Count > 0;
        }

        if (queue == ControlTransmit || (queue & 1) != 0) return true;
        int port = PortOf(queue);
        return Volatile.Read(ref _isOpen[port]) && _ports[port].HasInput;
    }

    public override void Serve(int queue, DescriptorChain chain)
    {
        switch (queue)
        {
            case ControlReceive: SendMessage(chain); break;
            case ControlTransmit: TakeMessages(chain); break;
            case int n when (n & 1) != 0: Transmit(_ports[PortOf(queue)], chain); break;
            default: Receive(_ports[PortOf(queue)], chain); break;
        }
    }

    public override VirtioDeviceState Save()
    {
        lock (_lock) return new ConsoleState(_columns, _rows, [.. _messages], [.. _isOpen], [.. _ports.Select(p => p.Save())]);
    }

    public override void Restore(VirtioDeviceState state)
    {
        var saved = (ConsoleState)state;
        lock (_lock)
        {
            (_columns, _rows) = (saved.Columns, saved.Rows);
            _messages.Clear();
            foreach (byte[] message in saved.Messages.Take(MaxMessages)) _messages.Enqueue(message);
        }

        for (int port = 0; port < Math.Min(_ports.Length, saved.IsOpen.Count); port++)
        {
            _isOpen[port] = saved.IsOpen[port];
            _ports[port].Restore(saved.Waiting[port]);
        }
    }

    // Port 0 has queues 0 and 1, the control messages 2 and 3, port n from 1 on 2 n + 2 and 2 n + 3 (5.3.2).
    private static int ReceiveQueue(int port) => port == 0 ? 0 : (2 * port) + 2;

    private static int PortOf(int queue) => queue < 2 ? 0 : (queue - 2) / 2;

    private static void Transmit(ConsolePort port, DescriptorChain chain)
    {
        Span<byte> bytes = stackalloc byte[PartSize];
        while (chain.Readable > 0)
        {
            Span<byte> part = bytes[..(int)Math.Min(chain.Readable, PartSize)];
            if (!chain.TryRead(part)) return;
            port.Receive(part);
        }
    }

    private static void Receive(ConsolePort port, DescriptorChain chain)
    {
        Span<byte> bytes = stackalloc byte[PartSize];
        int count = port.Take(bytes[..(int)Math.Min(chain.Writable, PartSize)]);
        chain.TryWrite(bytes[..count]);
    }

    private void SendMessage(DescriptorChain chain)
    {
        byte[]? message;
        lock (_lock) _messages.TryDequeue(out message);
        if (message is not null) chain.TryWrite(message.AsSpan(0, (int)Math.Min((ulong)message.Length, chain.Writable)));
    }

    private void TakeMessages(DescriptorChain chain)
    {
        Span<byte> message = stackalloc byte[ControlSize];
        if (!chain.TryRead(message)) return;
        uint port = BinaryPrimitives.ReadUInt32LittleEndian(message);
        ushort what = BinaryPrimitives.ReadUInt16LittleEndian(message[4..]), value = BinaryPrimitives.ReadUInt16LittleEndian(message[6..]);
        if (what == DEVICE_READY && value != 0)
        {
            for (int n = 0; n < _ports.Length; n++) Post(n, PORT_ADD, 1);
        }
        else if (port < (uint)_ports.Length && what == PORT_READY && value != 0)
        {
            Introduce((int)port);
        }
        else if (port < (uint)_ports.Length && what == PORT_OPEN)
        {
            Volatile.Write(ref _isOpen[port], value != 0);
            if (value != 0) Transport!.Ring(ReceiveQueue((int)port));
        }
    }

    // What a port is, and that somebody is on the other side.
    private void Introduce(int port)
    {
        if (_ports[port].IsConsole) Post(port, CONSOLE_PORT, 1);
        if (_ports[port].IsConsole && port == 0) PostSize(); // Linux does not look for it elsewhere
        if (_ports[port].Name.Length > 0) Post(port, PORT_NAME, 1, [.. Encoding.UTF8.GetBytes(_ports[port].Name), 0]);
        Post(port, PORT_OPEN, 1);
    }

    private void PostSize()
    {
        Span<byte> size = stackalloc byte[2 * sizeof(ushort)];
        lock (_lock)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(size, _columns);
            BinaryPrimitives.WriteUInt16LittleEndian(size[sizeof(ushort)..], _rows);
        }

        Post(0, RESIZE, 0, size);
    }

    private void Post(int port, ushort what, ushort value, ReadOnlySpan<byte> rest = default)
    {
        byte[] message = new byte[ControlSize + rest.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, port);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), what);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), value);
        rest.CopyTo(message.AsSpan(ControlSize));
        lock (_lock)
        {
            if (_messages.Count < MaxMessages) _messages.Enqueue(message);
        }

        Transport?.Ring(ControlReceive);
    }
}
