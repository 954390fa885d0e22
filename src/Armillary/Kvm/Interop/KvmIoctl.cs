namespace Armillary.Kvm.Interop;

/// <summary>Requests of &lt;linux/kvm.h&gt;, composed as &lt;asm-generic/ioctl.h&gt; does.</summary>
internal static class KvmIoctl
{
    private const uint KVMIO = 0xae, Write = 1, Read = 2;

    public static readonly uint KVM_GET_API_VERSION = Compose(0, 0x00, 0);
    public static readonly uint KVM_CREATE_VM = Compose(0, 0x01, 0);
    public static readonly uint KVM_CHECK_EXTENSION = Compose(0, 0x03, 0);
    public static readonly uint KVM_GET_VCPU_MMAP_SIZE = Compose(0, 0x04, 0);
    public static readonly uint KVM_CREATE_VCPU = Compose(0, 0x41, 0);
    public static readonly uint KVM_GET_DIRTY_LOG = Compose(Write, 0x42, 16);
    public static readonly uint KVM_SET_USER_MEMORY_REGION = Compose(Write, 0x46, 32);
    public static readonly uint KVM_IRQ_LINE = Compose(Write, 0x61, 8);
    public static readonly uint KVM_IRQFD = Compose(Write, 0x76, 32);
    public static readonly uint KVM_IOEVENTFD = Compose(Write, 0x79, 64);
    public static readonly uint KVM_RUN = Compose(0, 0x80, 0);
    public static readonly uint KVM_SET_MP_STATE = Compose(Write, 0x99, 4);
    public static readonly uint KVM_SET_GUEST_DEBUG = Compose(Write, 0x9b, 520);
    public static readonly uint KVM_SET_VCPU_EVENTS = Compose(Write, 0xa0, 64);
    public static readonly uint KVM_ENABLE_CAP = Compose(Write, 0xa3, 104);
    public static readonly uint KVM_GET_ONE_REG = Compose(Write, 0xab, 16);
    public static readonly uint KVM_SET_ONE_REG = Compose(Write, 0xac, 16);
    public static readonly uint KVM_ARM_VCPU_INIT = Compose(Write, 0xae, 32);
    public static readonly uint KVM_ARM_PREFERRED_TARGET = Compose(Read, 0xaf, 32);
    public static readonly uint KVM_RESET_DIRTY_RINGS = Compose(0, 0xc7, 0);
    public static readonly uint KVM_CREATE_DEVICE = Compose(Read | Write, 0xe0, 12);
    public static readonly uint KVM_SET_DEVICE_ATTR = Compose(Write, 0xe1, 24);
    public static readonly uint KVM_GET_DEVICE_ATTR = Compose(Write, 0xe2, 24);

    public const int KVM_CAP_USER_MEMORY = 3, KVM_CAP_MAX_VCPUS = 66, KVM_CAP_READONLY_MEM = 81, KVM_CAP_IMMEDIATE_EXIT = 136,
        KVM_CAP_SET_GUEST_DEBUG = 23, KVM_CAP_ARM_PMU_V3 = 126, KVM_CAP_ARM_INJECT_SERROR_ESR = 158, KVM_CAP_GUEST_DEBUG_HW_BPS = 119, KVM_CAP_GUEST_DEBUG_HW_WPS = 120, KVM_CAP_ARM_VM_IPA_SIZE = 165, KVM_CAP_ARM_NISV_TO_USER = 177;

    public const int KVM_CAP_DIRTY_LOG_RING_ACQ_REL = 223, KVM_DIRTY_LOG_PAGE_OFFSET = 64;

    public const uint KVM_DIRTY_GFN_F_DIRTY = 1, KVM_DIRTY_GFN_F_RESET = 2;

    public const uint KVM_EXIT_HYPERCALL = 3, KVM_EXIT_DEBUG = 4, KVM_EXIT_MMIO = 6, KVM_EXIT_FAIL_ENTRY = 9, KVM_EXIT_INTR = 10, KVM_EXIT_INTERNAL_ERROR = 17,
        KVM_EXIT_SYSTEM_EVENT = 24, KVM_EXIT_ARM_NISV = 28, KVM_EXIT_DIRTY_RING_FULL = 31;

    public const uint KVM_MEM_LOG_DIRTY_PAGES = 1, KVM_MEM_READONLY = 2;

    public const uint KVM_GUESTDBG_ENABLE = 1, KVM_GUESTDBG_SINGLESTEP = 2, KVM_GUESTDBG_USE_SW_BP = 0x10000, KVM_GUESTDBG_USE_HW = 0x20000;

    public const uint KVM_ARM_VCPU_PSCI_0_2 = 2, KVM_ARM_VCPU_PMU_V3 = 3;

    public const uint KVM_MP_STATE_RUNNABLE = 0, KVM_MP_STATE_STOPPED = 5, KVM_MP_STATE_SUSPENDED = 10, KVM_SYSTEM_EVENT_WAKEUP = 4;

    /// <summary>A kind of KVM_IRQ_LINE, and where it stands: an SPI of the controller.</summary>
    public const int KVM_ARM_IRQ_TYPE_SHIFT = 24, KVM_ARM_IRQ_TYPE_SPI = 1;

    /// <summary>Of device_irq_level.</summary>
    public const ulong KVM_ARM_DEV_EL1_VTIMER = 1, KVM_ARM_DEV_EL1_PTIMER = 2, KVM_ARM_DEV_PMU = 4;

    public const uint KVM_DEV_TYPE_ARM_VGIC_V3 = 7, KVM_CREATE_DEVICE_TEST = 1;

    public const uint KVM_DEV_ARM_VGIC_GRP_ADDR = 0, KVM_DEV_ARM_VGIC_GRP_NR_IRQS = 3, KVM_DEV_ARM_VGIC_GRP_CTRL = 4,
        KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS = 6;

    public const ulong KVM_VGIC_V3_ADDR_TYPE_DIST = 2, KVM_VGIC_V3_ADDR_TYPE_REDIST = 3, KVM_DEV_ARM_VGIC_CTRL_INIT = 0;

    public const uint KVM_ARM_VCPU_PMU_V3_CTRL = 0;

    public const ulong KVM_ARM_VCPU_PMU_V3_IRQ = 0, KVM_ARM_VCPU_PMU_V3_INIT = 1;

    public const uint KVM_IOEVENTFD_FLAG_DATAMATCH = 1, KVM_IOEVENTFD_FLAG_DEASSIGN = 4, KVM_IRQFD_FLAG_DEASSIGN = 1;

    public const uint KVM_ARM_VM_SMCCC_CTRL = 0, KVM_ARM_VM_SMCCC_FILTER = 0;

    public const byte KVM_SMCCC_FILTER_FWD_TO_USER = 2;

    /// <summary>Of the hypercall exit's flags: SMC.</summary>
    public const ulong KVM_HYPERCALL_EXIT_SMC = 1;

    private static uint Compose(uint direction, uint number, uint size) => (direction << 30) | (size << 16) | (KVMIO << 8) | number;
}
