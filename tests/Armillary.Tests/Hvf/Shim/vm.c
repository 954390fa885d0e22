// Virtual machine and memory.
#define _GNU_SOURCE
#include "shim.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_RANGES = 65536 };

configuration_t configuration = {
    1, 128, HV_SUCCESS, 36, 40, 1, 64,
    "<plist version=\"1.0\"><dict><key>com.apple.security.hypervisor</key><true/></dict></plist>", 0,
};
executor_t executor;
uint64_t page_size = 16384;
bool vm_exists;

typedef struct {
    uint32_t ipa_bits, granule;
    bool el2;
} vm_config_t;

typedef struct {
    uint64_t ipa, size;
} range_t;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static range_t ranges[MAX_RANGES];
static int range_count;
static uint32_t ipa_bits;

bool is_clean(uint64_t argument, unsigned bits, const char *function)
{
    if (bits < 32 && ((uint32_t)argument >> bits) != 0) {
        violation("%s: dirt above %u bits: 0x%x", function, bits, (uint32_t)argument);
        return false;
    }
    return true;
}

EXPORT void shim_set_executor(const executor_t *value) { executor = *value; }

EXPORT configuration_t *shim_configuration(void) { return &configuration; }

// A test that failed may have left a machine behind; the next one begins without.
EXPORT void shim_forget_machine(void)
{
    vm_exists = gic_exists = false;
    range_count = 0;
    if (executor.memory) executor.memory(0, NULL, 0, 0, MEMORY_FORGET);
}

EXPORT int hv_vm_get_max_vcpu_count(uint32_t *count)
{
    *count = configuration.max_vcpus;
    return HV_SUCCESS;
}

EXPORT int hv_vm_create(void *config)
{
    int result = configuration.create_result;
    if (result == HV_SUCCESS && vm_exists) result = HV_BUSY;
    if (result == HV_SUCCESS) {
        vm_config_t *c = config;
        if (c && c->el2 && !configuration.el2_supported) {
            result = HV_UNSUPPORTED;
        } else {
            vm_exists = true;
            page_size = c && c->granule == 0 ? 4096 : 16384;
            ipa_bits = c && c->ipa_bits ? c->ipa_bits : configuration.default_ipa;
        }
    }
    record("hv_vm_create() = 0x%x", result);
    return result;
}

EXPORT int hv_vm_destroy(void)
{
    record("hv_vm_destroy()");
    if (!vm_exists) return HV_NO_DEVICE;
    if (live_vcpus() != 0) {
        violation("hv_vm_destroy: %d virtual CPUs are left", live_vcpus());
        return HV_BUSY;
    }
    shim_forget_machine();
    return HV_SUCCESS;
}

static bool is_aligned(uint64_t value) { return value % page_size == 0; }

// Backing must be one mapping of the host's, of which /proc/self/maps tells.
static bool is_one_mapping(uint64_t start, uint64_t size)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[512];
    uint64_t at = start;
    if (!maps) return true;
    while (fgets(line, sizeof line, maps)) {
        unsigned long first, end;
        if (sscanf(line, "%lx-%lx", &first, &end) != 2 || at < first || at >= end) continue;
        at = end; // neighbours with other attributes count as one: the host may split what it mapped at once
        if (at >= start + size) break;
    }
    fclose(maps);
    return at >= start + size;
}

static int overlapping(uint64_t ipa, uint64_t size)
{
    for (int i = 0; i < range_count; i++) {
        if (ipa < ranges[i].ipa + ranges[i].size && ranges[i].ipa < ipa + size) return i;
    }
    return -1;
}

static bool is_covered(uint64_t ipa, uint64_t size)
{
    while (size != 0) {
        int i = overlapping(ipa, 1);
        if (i < 0) return false;
        uint64_t part = ranges[i].ipa + ranges[i].size - ipa;
        if (part >= size) return true;
        ipa += part;
        size -= part;
    }
    return true;
}

EXPORT int hv_vm_map(void *uva, uint64_t ipa, size_t size, uint64_t flags)
{
    int result = HV_SUCCESS;
    pthread_mutex_lock(&lock);
    if (!vm_exists) result = HV_NO_DEVICE;
    else if (!is_aligned((uint64_t)uva) || !is_aligned(ipa) || !is_aligned(size) || size == 0 || flags > 7) result = HV_BAD_ARGUMENT;
    else if (ipa + size < ipa || (ipa + size - 1) >> ipa_bits != 0) result = HV_BAD_ARGUMENT;
    else if (!is_one_mapping((uint64_t)uva, size)) result = HV_BAD_ARGUMENT;
    else if (overlapping(ipa, size) >= 0) result = HV_EXISTS;
    if (result == HV_SUCCESS) ranges[range_count++] = (range_t){ ipa, size };
    else violation("hv_vm_map(%p, 0x%lx, 0x%zx, %lu) = 0x%x", uva, (unsigned long)ipa, size, (unsigned long)flags, result);
    pthread_mutex_unlock(&lock);
    record("hv_vm_map(0x%lx, 0x%zx, %lu) = 0x%x", (unsigned long)ipa, size, (unsigned long)flags, result);
    if (result == HV_SUCCESS && executor.memory) executor.memory(ipa, uva, size, flags, MEMORY_MAP);
    return result;
}

EXPORT int hv_vm_unmap(uint64_t ipa, size_t size)
{
    int result = HV_SUCCESS;
    pthread_mutex_lock(&lock);
    if (!vm_exists) result = HV_NO_DEVICE;
    else if (!is_aligned(ipa) || !is_aligned(size) || !is_covered(ipa, size)) result = HV_BAD_ARGUMENT;
    if (result == HV_SUCCESS) {
        for (int i; (i = overlapping(ipa, size)) >= 0;) {
            range_t old = ranges[i];
            ranges[i] = ranges[--range_count];
            if (old.ipa < ipa) ranges[range_count++] = (range_t){ old.ipa, ipa - old.ipa };
            if (old.ipa + old.size > ipa + size) ranges[range_count++] = (range_t){ ipa + size, old.ipa + old.size - ipa - size };
        }
    } else {
        violation("hv_vm_unmap(0x%lx, 0x%zx) = 0x%x", (unsigned long)ipa, size, result);
    }
    pthread_mutex_unlock(&lock);
    record("hv_vm_unmap(0x%lx, 0x%zx) = 0x%x", (unsigned long)ipa, size, result);
    if (result == HV_SUCCESS && executor.memory) executor.memory(ipa, NULL, size, 0, MEMORY_UNMAP);
    return result;
}

EXPORT int hv_vm_protect(uint64_t ipa, size_t size, uint64_t flags)
{
    int result = HV_SUCCESS;
    pthread_mutex_lock(&lock);
    if (!vm_exists) result = HV_NO_DEVICE;
    else if (!is_aligned(ipa) || !is_aligned(size) || size == 0 || flags > 7 || !is_covered(ipa, size)) result = HV_BAD_ARGUMENT;
    if (result != HV_SUCCESS) violation("hv_vm_protect(0x%lx, 0x%zx, %lu) = 0x%x", (unsigned long)ipa, size, (unsigned long)flags, result);
    pthread_mutex_unlock(&lock);
    record("hv_vm_protect(0x%lx, 0x%zx, %lu) = 0x%x", (unsigned long)ipa, size, (unsigned long)flags, result);
    if (result == HV_SUCCESS && executor.memory) executor.memory(ipa, NULL, size, flags, MEMORY_PROTECT);
    return result;
}

#if SHIM_MACOS >= 13
EXPORT void *hv_vm_config_create(void)
{
    vm_config_t *config = calloc(1, sizeof *config);
    config->granule = 1;
    return config;
}

EXPORT int hv_vm_config_get_max_ipa_size(uint32_t *bits)
{
    *bits = configuration.max_ipa;
    return HV_SUCCESS;
}

EXPORT int hv_vm_config_get_default_ipa_size(uint32_t *bits)
{
    *bits = configuration.default_ipa;
    return HV_SUCCESS;
}

EXPORT int hv_vm_config_set_ipa_size(vm_config_t *config, uint32_t bits)
{
    record("hv_vm_config_set_ipa_size(%u)", bits);
    if (bits > configuration.max_ipa) return HV_UNSUPPORTED;
    config->ipa_bits = bits;
    return HV_SUCCESS;
}
#endif

#if SHIM_MACOS >= 15
EXPORT int hv_vm_config_get_el2_supported(bool *supported)
{
    *supported = configuration.el2_supported != 0;
    return HV_SUCCESS;
}

EXPORT int hv_vm_config_set_el2_enabled(vm_config_t *config, uint64_t enabled)
{
    record("hv_vm_config_set_el2_enabled(%u)", (unsigned)enabled);
    if (!is_clean(enabled, 1, "hv_vm_config_set_el2_enabled")) return HV_BAD_ARGUMENT;
    config->el2 = enabled & 1;
    return HV_SUCCESS;
}
#endif

#if SHIM_MACOS >= 26
EXPORT int hv_vm_config_set_ipa_granule(vm_config_t *config, uint32_t granule)
{
    record("hv_vm_config_set_ipa_granule(%u)", granule);
    if (granule > 1) return HV_BAD_ARGUMENT;
    config->granule = granule;
    return HV_SUCCESS;
}
#endif
