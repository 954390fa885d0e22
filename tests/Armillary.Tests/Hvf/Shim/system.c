// What the engine uses of libSystem, and what a C compiler says of the interface's layouts and values.
#define _GNU_SOURCE
#include "shim.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TICKS_PER_SECOND = 24000000 };

EXPORT void os_release(void *object) { free(object); }

EXPORT uint64_t mach_absolute_time(void)
{
    struct timespec now;
    uint64_t set = __atomic_load_n(&configuration.time, __ATOMIC_SEQ_CST);
    if (set) return set;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * TICKS_PER_SECOND + (uint64_t)now.tv_nsec * 24 / 1000;
}

EXPORT int mach_timebase_info(uint32_t info[2])
{
    info[0] = 125;
    info[1] = 3;
    return 0;
}

EXPORT void sys_icache_invalidate(void *start, size_t length)
{
    record("sys_icache_invalidate(%zu)", length);
    if (executor.memory) executor.memory(0, start, length, 0, MEMORY_FETCH_ANEW);
}

// Under Darwin's name, with Darwin's set of 32 bits.
EXPORT int shim_pthread_sigmask(int how, const uint32_t *set, uint32_t *old) __asm__("pthread_sigmask");
int shim_pthread_sigmask(int how, const uint32_t *set, uint32_t *old)
{
    static __thread uint32_t mask;
    if (old) *old = mask;
    record("pthread_sigmask(%d, 0x%x)", how, set ? *set : 0);
    if (!set) return 0;
    if (how == 1) mask |= *set;
    else if (how == 2) mask &= ~*set;
    else if (how == 3) mask = *set;
    else return EINVAL;
    return 0;
}

static int answer(void *value, size_t *size, const void *data, size_t length)
{
    if (*size < length) return -1;
    memcpy(value, data, length);
    *size = length;
    return 0;
}

EXPORT int sysctlbyname(const char *name, void *value, size_t *size, void *new_value, size_t new_size)
{
    if (new_value || new_size) return -1;
    if (!strcmp(name, "kern.hv_support")) return answer(value, size, &configuration.hv_support, 4);
    if (!strcmp(name, "kern.hv.max_address_spaces")) return answer(value, size, &configuration.max_address_spaces, 4);
    if (!strcmp(name, "kern.osversion")) return answer(value, size, "25A000", 7);
    if (!strcmp(name, "kern.osproductversion")) return answer(value, size, "26.0", 5);
    if (!strcmp(name, "machdep.cpu.brand_string")) return answer(value, size, "Apple M0", 9);
    return -1;
}

EXPORT int csops(int pid, uint32_t operation, void *address, size_t size)
{
    (void)pid;
    size_t length = configuration.entitlements ? strlen(configuration.entitlements) : 0;
    if (operation != 7 || size < length + 8) return -1;
    uint8_t *blob = address;
    uint32_t total = length ? (uint32_t)length + 8 : 0;
    memset(blob, 0, 8);
    if (!length) return 0;
    blob[0] = 0xfa, blob[1] = 0xde, blob[2] = 0x71, blob[3] = 0x71;
    for (int i = 0; i < 4; i++) blob[4 + i] = (uint8_t)(total >> (24 - 8 * i));
    memcpy(blob + 8, configuration.entitlements, length);
    return 0;
}

// "name value" lines: what the compiler makes of shim.h.
EXPORT size_t shim_layout(char *buffer, size_t size)
{
    return (size_t)snprintf(buffer, size,
        "sizeof hv_vcpu_exit_t %zu\nreason %zu\nexception.syndrome %zu\nexception.virtual_address %zu\nexception.physical_address %zu\n"
        "HV_ERROR %d\nHV_BUSY %d\nHV_BAD_ARGUMENT %d\nHV_ILLEGAL_GUEST_STATE %d\nHV_NO_RESOURCES %d\nHV_NO_DEVICE %d\nHV_DENIED %d\nHV_EXISTS %d\nHV_UNSUPPORTED %d\n"
        "sizeof simd_t %zu\nalignof simd_t %zu\nsizeof view_t %zu\nview_t.v %zu\nview_t.cancel %zu\nview_t.time %zu\n",
        sizeof(hv_vcpu_exit_t), offsetof(hv_vcpu_exit_t, reason), offsetof(hv_vcpu_exit_t, exception.syndrome),
        offsetof(hv_vcpu_exit_t, exception.virtual_address), offsetof(hv_vcpu_exit_t, exception.physical_address),
        HV_ERROR, HV_BUSY, HV_BAD_ARGUMENT, HV_ILLEGAL_GUEST_STATE, HV_NO_RESOURCES, HV_NO_DEVICE, HV_DENIED, HV_EXISTS, HV_UNSUPPORTED,
        sizeof(simd_t), _Alignof(simd_t), sizeof(view_t), offsetof(view_t, v), offsetof(view_t, cancel), offsetof(view_t, time));
}
