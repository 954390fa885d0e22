// Exits a second by KVM's ioctls alone: a guest that stores to a device for two seconds. Compared with the engine by bench/kvm-exits.sh.
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>

static int check(int result, const char *what)
{
    if (result < 0) {
        perror(what);
        exit(1);
    }
    return result;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void set_register(int cpu, unsigned long id, unsigned long value)
{
    struct kvm_one_reg reg = { .id = id, .addr = (unsigned long)&value };
    check(ioctl(cpu, KVM_SET_ONE_REG, &reg), "KVM_SET_ONE_REG");
}

int main(void)
{
    static const unsigned code[] = { 0xd2a12001, 0xf9000020, 0x17ffffff }; // mov x1, #0x9000000; str x0, [x1]; b .-4
    int device = check(open("/dev/kvm", O_RDWR), "/dev/kvm"), machine = check(ioctl(device, KVM_CREATE_VM, 0), "KVM_CREATE_VM");
    void *memory = mmap(NULL, 0x10000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(memory, code, sizeof code);
    struct kvm_userspace_memory_region region = { .guest_phys_addr = 0x10000, .memory_size = 0x10000, .userspace_addr = (unsigned long)memory };
    check(ioctl(machine, KVM_SET_USER_MEMORY_REGION, &region), "KVM_SET_USER_MEMORY_REGION");
    int cpu = check(ioctl(machine, KVM_CREATE_VCPU, 0), "KVM_CREATE_VCPU");
    struct kvm_vcpu_init init;
    check(ioctl(machine, KVM_ARM_PREFERRED_TARGET, &init), "KVM_ARM_PREFERRED_TARGET");
    init.features[0] |= 1 << KVM_ARM_VCPU_PSCI_0_2 | 1 << KVM_ARM_VCPU_PMU_V3;
    check(ioctl(cpu, KVM_ARM_VCPU_INIT, &init), "KVM_ARM_VCPU_INIT");
    struct kvm_device_attr monitors = { .group = KVM_ARM_VCPU_PMU_V3_CTRL, .attr = KVM_ARM_VCPU_PMU_V3_INIT };
    check(ioctl(cpu, KVM_SET_DEVICE_ATTR, &monitors), "KVM_SET_DEVICE_ATTR of the performance monitors");
    struct kvm_run *run = mmap(NULL, (size_t)check(ioctl(device, KVM_GET_VCPU_MMAP_SIZE, 0), "KVM_GET_VCPU_MMAP_SIZE"), PROT_READ | PROT_WRITE, MAP_SHARED, cpu, 0);
    set_register(cpu, 0x6030000000100040, 0x10000);
    set_register(cpu, 0x6030000000100042, 0x3c5);
    unsigned long exits = 0, sum = 0;
    double start = now(), end;
    do {
        for (int i = 0; i < 100; i++) {
            check(ioctl(cpu, KVM_RUN, 0), "KVM_RUN");
            if (run->exit_reason != KVM_EXIT_MMIO || !run->mmio.is_write) return 1;
            sum += run->mmio.phys_addr + run->mmio.data[0];
            exits++;
        }
        end = now();
    } while (end - start < 2);
    printf("stores to a device, C: %.0f a second (%lx)\n", (double)exits / (end - start), sum);
    return 0;
}
