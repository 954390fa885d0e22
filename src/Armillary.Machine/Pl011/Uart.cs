using static Armillary.Machine.Pl011.Pl011Registers;

namespace Armillary.Machine.Pl011;

/// <summary>
/// A PL011 UART whose line is as fast as the host: what is sent is gone at once, and what is received waits outside until the FIFO has
/// room, as with hardware flow control.
/// </summary>
internal sealed class Uart : IDevice
{
    private const int FifoSize = 16, MaxWaiting = 1 << 16;

    private readonly Lock _lock = new();
    private readonly Queue<byte> _fifo = new(FifoSize), _waiting = new();
    private readonly Action<byte> _send;
    private readonly Action<bool> _interrupt;
    private uint _control = CR_TXE | CR_RXE, _lineControl, _integerBaud, _fractionalBaud, _lowPower, _levels = 0x12, _mask, _raw, _errors, _dma;
    private bool _overrun, _asserted;

    /// <param name="send">Takes what the guest sends, on the guest's thread.</param>
    /// <param name="interrupt">Called when the level of UARTINTR changes.</param>
    public Uart(Action<byte> send, Action<bool> interrupt) => (_send, _interrupt) = (send, interrupt);

    private int Depth => (_lineControl & LCR_H_FEN) != 0 ? FifoSize : 1;

    // IFLS.RXIFLSEL: an eighth, a quarter, a half, three quarters, seven eighths.
    private int Trigger => Depth == 1 ? 1 : (_levels >> 3 & 7) switch { 0 => 2, 1 => 4, 2 => 8, 3 => 12, _ => 14 };

    /// <summary>Any thread: characters come in. What is more than a bounded queue holds is lost, as on a line without flow control.</summary>
    public void Receive(ReadOnlySpan<byte> characters)
    {
        lock (_lock)
        {
            foreach (byte character in characters)
            {
                if (_waiting.Count < MaxWaiting) _waiting.Enqueue(character);
                else _overrun = true;
            }

            Fill();
            Update();
        }
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if ((offset & 3) != 0) return 0;
        lock (_lock)
        {
            uint value = ReadRegister((int)offset);
            Update();
            return value;
        }
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if ((offset & 3) != 0) return;
        lock (_lock)
        {
            WriteRegister((int)offset, (uint)value);
            Update();
        }
    }

    public Pl011State Save()
    {
        lock (_lock) return new(_control, _lineControl, _integerBaud, _fractionalBaud, _lowPower, _levels, _mask, _raw, _errors, _dma, [.. _fifo, .. _waiting], _overrun);
    }

    public void Restore(Pl011State state)
    {
        lock (_lock)
        {
            (_control, _lineControl, _integerBaud, _fractionalBaud, _lowPower) = (state.Control, state.LineControl, state.IntegerBaud, state.FractionalBaud, state.LowPower);
            (_levels, _mask, _raw, _errors, _dma, _overrun) = (state.FifoLevels, state.Mask, state.Raw, state.Errors, state.Dma, state.HasOverrun);
            _fifo.Clear();
            _waiting.Clear();
            foreach (byte character in state.Received.Take(MaxWaiting)) _waiting.Enqueue(character);
            Fill();
            Update();
        }
    }

    private uint ReadRegister(int offset) => offset switch
    {
        DR => Take(),
        RSR => _errors,
        FR => FR_TXFE | (_fifo.Count == 0 ? FR_RXFE : 0) | (_fifo.Count >= Depth ? FR_RXFF : 0),
        ILPR => _lowPower,
        IBRD => _integerBaud,
        FBRD => _fractionalBaud,
        LCR_H => _lineControl,
        CR => _control,
        IFLS => _levels,
        IMSC => _mask,
        RIS => _raw,
        MIS => _raw & _mask,
        DMACR => _dma,
        >= Identification and < 0x1000 => Id[(offset - Identification) / 4],
        _ => 0,
    };

    private void WriteRegister(int offset, uint value)
    {
        switch (offset)
        {
            case DR: Send((byte)value); break;
            case RSR: _errors = 0; break;
            case ILPR: _lowPower = value & 0xff; break;
            case IBRD: _integerBaud = value & 0xffff; break;
            case FBRD: _fractionalBaud = value & 0x3f; break;
            case LCR_H: SetLineControl(value & 0xff); break;
            case CR: _control = value & 0xff87; break;
            case IFLS: _levels = value & 0x3f; break;
            case IMSC: _mask = value & Interrupts; break;
            case ICR: _raw &= ~value; break;
            case DMACR: _dma = value & 7; break;
        }
    }

    // The transmit FIFO is empty again at once, which is what its interrupt tells (3.4.2).
    private void Send(byte character)
    {
        if ((_control & CR_LBE) != 0)
        {
            if (_waiting.Count < MaxWaiting) _waiting.Enqueue(character);
            Fill();
        }
        else
        {
            _send(character);
        }

        _raw |= TX;
    }

    private uint Take()
    {
        if (_fifo.Count == 0) return 0;
        uint value = _fifo.Dequeue();
        if (_overrun)
        {
            _overrun = false;
            value |= DR_OE;
            _errors |= RSR_OE;
            _raw |= OE;
        }

        if (_fifo.Count < Trigger) _raw &= ~RX;
        if (_fifo.Count == 0) _raw &= ~RT;
        Fill();
        return value;
    }

    private void SetLineControl(uint value)
    {
        bool changed = ((_lineControl ^ value) & LCR_H_FEN) != 0;
        _lineControl = value;
        if (!changed) return;
        while (_fifo.Count > Depth) _fifo.Dequeue(); // a switch flushes (3.3.7); what still fits stays
        Fill();
    }

    // Characters that do not reach the trigger level raise the timeout, which the host's line has always passed.
    private void Fill()
    {
        if ((_control & CR_RXE) == 0) return;
        bool any = false;
        while (_waiting.Count > 0 && _fifo.Count < Depth)
        {
            _fifo.Enqueue(_waiting.Dequeue());
            any = true;
        }

        if (!any) return;
        if (_fifo.Count >= Trigger) _raw |= RX;
        _raw |= RT;
    }

    private void Update()
    {
        bool asserted = (_raw & _mask) != 0;
        if (asserted == _asserted) return;
        _asserted = asserted;
        _interrupt(asserted);
    }
}
