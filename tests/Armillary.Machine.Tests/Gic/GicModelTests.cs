using Armillary.Arm64;
using Armillary.Machine.Gic;
using CsCheck;

namespace Armillary.Machine.Tests.Gic;

/// <summary>Both controllers against a model: what a CPU is signalled and acknowledges, of eight shared interrupts (IHI 0069 4.1, IHI 0048B 3.2).</summary>
public sealed class GicModelTests
{
    private const int First = 40, Count = 8;

    private enum Act
    {
        Raise,
        Lower,
        Enable,
        Disable,
        SetPending,
        ClearPending,
        SetPriority,
        Mask,
        Acknowledge,
        End,
    }

    private static readonly Gen<(Act Act, int Interrupt, byte Priority)[]> s_histories = Gen.Select(
        Gen.Frequency((8, Gen.Enum<Act>()), (4, Gen.Const(Act.Raise)), (4, Gen.Const(Act.Acknowledge)), (2, Gen.Const(Act.Enable))),
        Gen.Int[0, Count - 1], Gen.OneOf([.. ((byte[])[0, 0x40, 0x80, 0xc0, 0xf0]).Select(Gen.Const)])).Array[1, 60];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_history_gives_what_the_model_gives(int version)
    {
        int steps = 0;
        s_histories.Sample(history =>
        {
            IController gic = version == 2 ? new Two() : new Three();
            var model = new Model();
            foreach ((Act act, int interrupt, byte priority) in history)
            {
                switch (act)
                {
                    case Act.Raise or Act.Lower: gic.SetLevel(First + interrupt, act == Act.Raise); model.SetLevel(interrupt, act == Act.Raise); break;
                    case Act.Enable or Act.Disable: gic.Write(act == Act.Enable ? 0x100u : 0x180u, interrupt); model.Enabled[interrupt] = act == Act.Enable; break;
                    case Act.SetPending or Act.ClearPending: gic.Write(act == Act.SetPending ? 0x200u : 0x280u, interrupt); model.Latched[interrupt] = act == Act.SetPending; break;
                    case Act.SetPriority: gic.SetPriority(First + interrupt, priority); model.Priority[interrupt] = priority; break;
                    case Act.Mask: gic.SetMask(priority); model.Mask = priority; break;
                    case Act.Acknowledge: Assert.Equal(model.Acknowledge() is int one ? First + one : 1023, gic.Acknowledge()); break;
                    case Act.End when model.End() is int last: gic.End(First + last); break;
                }

                Assert.Equal(model.Best is not null, gic.IsAsserted);
                Interlocked.Increment(ref steps);
            }
        }, iter: 3000);
        TestContext.Current.TestOutputHelper!.WriteLine($"{steps} steps");
    }

    // Odd interrupts are edges.
    private sealed class Model
    {
        private readonly bool[] _level = new bool[Count], _active = new bool[Count];
        private readonly Stack<(int Interrupt, int Priority)> _running = new();

        public bool[] Enabled { get; } = new bool[Count];

        public bool[] Latched { get; } = new bool[Count];

        public int[] Priority { get; } = new int[Count];

        public int Mask { get; set; } = 0xf0;

        public int? Best
        {
            get
            {
                int[] candidates = [.. Enumerable.Range(0, Count).Where(i => Enabled[i] && !_active[i] && (Latched[i] || (i % 2 == 0 && _level[i])))
                    .Where(i => Priority[i] < Mask && (_running.Count == 0 || Priority[i] < _running.Peek().Priority)).OrderBy(i => Priority[i])]; // a stable order: the lowest number first
                return candidates.Length == 0 ? null : candidates[0];
            }
        }

        public void SetLevel(int interrupt, bool level)
        {
            if (interrupt % 2 == 1 && level && !_level[interrupt]) Latched[interrupt] = true;
            _level[interrupt] = level;
        }

        public int? Acknowledge()
        {
            if (Best is not { } interrupt) return null;
            Latched[interrupt] = false;
            _active[interrupt] = true;
            _running.Push((interrupt, Priority[interrupt]));
            return interrupt;
        }

        public int? End()
        {
            if (!_running.TryPop(out (int Interrupt, int Priority) last)) return null;
            _active[last.Interrupt] = false;
            return last.Interrupt;
        }
    }

    private interface IController
    {
        bool IsAsserted { get; }

        void SetLevel(int intid, bool level);

        void Write(uint register, int interrupt);

        void SetPriority(int intid, byte priority);

        void SetMask(byte mask);

        int Acknowledge();

        void End(int intid);
    }

    private sealed class Two : IController
    {
        private readonly GicV2 _gic;

        public Two()
        {
            _gic = new GicV2(1, 96, (_, line, asserted) => IsAsserted = line == InterruptLine.Irq ? asserted : IsAsserted);
            WriteD(GicV2Registers.GICD_CTLR, 1);
            WriteD(GicRegisters.ICFGR + (First / 16 * 4), 0x8888u << (2 * (First % 16)));
            for (uint intid = First; intid < First + Count; intid += 4) WriteD(0x800 + intid, 0x0101_0101);
            WriteC(GicV2Registers.GICC_PMR, 0xf0);
            WriteC(GicV2Registers.GICC_CTLR, 1);
        }

        public bool IsAsserted { get; private set; }

        public void SetLevel(int intid, bool level) => _gic.SetShared(intid, level);

        public void Write(uint register, int interrupt) => WriteD(register + 4, 1u << (First - 32 + interrupt));

        public void SetPriority(int intid, byte priority) => _gic.WriteDistributor(0, GicRegisters.IPRIORITYR + (uint)intid, 1, priority);

        public void SetMask(byte mask) => WriteC(GicV2Registers.GICC_PMR, mask);

        public int Acknowledge() => (int)_gic.ReadInterface(0, GicV2Registers.GICC_IAR, 4);

        public void End(int intid) => WriteC(GicV2Registers.GICC_EOIR, (uint)intid);

        private void WriteD(uint offset, uint value) => _gic.WriteDistributor(0, offset, 4, value);

        private void WriteC(uint offset, uint value) => _gic.WriteInterface(0, offset, 4, value);
    }

    private sealed class Three : IController
    {
        private readonly GicV3 _gic;

        public Three()
        {
            _gic = new GicV3(1, 96, (_, line, asserted) => IsAsserted = line == InterruptLine.Irq ? asserted : IsAsserted);
            WriteD(GicRegisters.GICD_CTLR, 2);
            _gic.WriteRedistributor(GicRegisters.GICR_WAKER, 4, 0);
            WriteD(GicRegisters.IGROUPR + 4, 0xffff_ffff);
            WriteD(GicRegisters.ICFGR + (First / 16 * 4), 0x8888u << (2 * (First % 16)));
            SetMask(0xf0);
            Set(SystemRegister.ICC_IGRPEN1_EL1, 1);
        }

        public bool IsAsserted { get; private set; }

        public void SetLevel(int intid, bool level) => _gic.SetShared(intid, level);

        public void Write(uint register, int interrupt) => WriteD(register + 4, 1u << (First - 32 + interrupt));

        public void SetPriority(int intid, byte priority) => _gic.WriteDistributor(GicRegisters.IPRIORITYR + (uint)intid, 1, priority);

        public void SetMask(byte mask) => Set(SystemRegister.ICC_PMR_EL1, mask);

        public int Acknowledge()
        {
            Assert.True(_gic.TryReadRegister(0, SystemRegister.ICC_IAR1_EL1, out ulong intid));
            return (int)intid;
        }

        public void End(int intid) => Set(SystemRegister.ICC_EOIR1_EL1, (ulong)intid);

        private void WriteD(uint offset, uint value) => _gic.WriteDistributor(offset, 4, value);

        private void Set(SystemRegister register, ulong value) => Assert.True(_gic.TryWriteRegister(0, register, value));
    }
}
