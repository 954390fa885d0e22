// The interrupt controller, whose order of calls and ranges are checked; nothing is delivered.
#define _GNU_SOURCE
#include "shim.h"
#include <stdlib.h>
#include <string.h>

bool gic_exists;

#if SHIM_MACOS >= 15
enum { DISTRIBUTOR_SIZE = 0x10000, REDISTRIBUTOR_SIZE = 0x20000, MSI_SIZE = 0x10000, FIRST_SPI = 32, SPI_COUNT = 988, STATE_SIZE = 256 };

typedef struct {
    uint64_t distributor, redistributor, msi;
    uint32_t msi_base, msi_count;
    bool has_distributor, has_redistributor;
} gic_config_t;

static gic_config_t gic;
static uint8_t levels[1020];
static uint64_t icc[64][32];

EXPORT void *hv_gic_config_create(void) { return calloc(1, sizeof(gic_config_t)); }

EXPORT int hv_gic_config_set_distributor_base(gic_config_t *config, uint64_t base)
{
    record("hv_gic_config_set_distributor_base(0x%lx)", (unsigned long)base);
    if (base + DISTRIBUTOR_SIZE < base) return HV_BAD_ARGUMENT;
    config->distributor = base;
    config->has_distributor = true;
    return HV_SUCCESS;
}

EXPORT int hv_gic_config_set_redistributor_base(gic_config_t *config, uint64_t base)
{
    record("hv_gic_config_set_redistributor_base(0x%lx)", (unsigned long)base);
    if (base + REDISTRIBUTOR_SIZE < base) return HV_BAD_ARGUMENT;
    config->redistributor = base;
    config->has_redistributor = true;
    return HV_SUCCESS;
}

EXPORT int hv_gic_config_set_msi_region_base(gic_config_t *config, uint64_t base)
{
    if (base + MSI_SIZE < base) return HV_BAD_ARGUMENT;
    config->msi = base;
    return HV_SUCCESS;
}

EXPORT int hv_gic_config_set_msi_interrupt_range(gic_config_t *config, uint32_t base, uint32_t count)
{
    if (base < FIRST_SPI || count > SPI_COUNT || base + count > FIRST_SPI + SPI_COUNT) return HV_BAD_ARGUMENT;
    config->msi_base = base;
    config->msi_count = count;
    return HV_SUCCESS;
}

EXPORT int hv_gic_create(gic_config_t *config)
{
    int result = HV_SUCCESS;
    if (!vm_exists) result = HV_NO_DEVICE;
    else if (gic_exists) result = HV_EXISTS;
    else if (live_vcpus() != 0) result = HV_BUSY;
    else if (!config || (!config->has_distributor && !config->has_redistributor)) result = HV_BAD_ARGUMENT;
    if (result != HV_SUCCESS) violation("hv_gic_create() = 0x%x", result);
    record("hv_gic_create() = 0x%x", result);
    if (result != HV_SUCCESS) return result;
    gic = *config;
    gic_exists = true;
    memset(levels, 0, sizeof levels);
    memset(icc, 0, sizeof icc);
    return HV_SUCCESS;
}

EXPORT int hv_gic_set_spi(uint32_t intid, uint64_t level)
{
    record("hv_gic_set_spi(%u, %u)", intid, (unsigned)level);
    if (!gic_exists) return HV_NO_DEVICE;
    if (!is_clean(level, 1, "hv_gic_set_spi")) return HV_BAD_ARGUMENT;
    if (intid < FIRST_SPI || intid >= FIRST_SPI + SPI_COUNT || intid - gic.msi_base < gic.msi_count) return HV_BAD_ARGUMENT;
    levels[intid] = (uint8_t)level;
    return HV_SUCCESS;
}

EXPORT int hv_gic_send_msi(uint64_t address, uint32_t intid)
{
    if (!gic_exists) return HV_NO_DEVICE;
    return address == gic.msi + 0x40 && intid - gic.msi_base < gic.msi_count ? HV_SUCCESS : HV_BAD_ARGUMENT;
}

EXPORT int hv_gic_get_redistributor_base(uint64_t id, uint64_t *base)
{
    if (!owned(id, "hv_gic_get_redistributor_base")) return HV_BAD_ARGUMENT;
    *base = gic.redistributor + id * REDISTRIBUTOR_SIZE;
    return HV_SUCCESS;
}

static uint64_t *icc_register(uint64_t id, uint64_t reg, const char *function)
{
    static const uint16_t known[] = { 0xc230, 0xc643, 0xc644, 0xc648, 0xc65b, 0xc663, 0xc664, 0xc665, 0xc666, 0xc667 };
    if (!owned(id, function) || !is_clean(reg, 16, function) || !gic_exists) return NULL;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i] == (reg & 0xffff)) return &icc[id][i];
    }
    return NULL;
}

EXPORT int hv_gic_get_icc_reg(uint64_t id, uint64_t reg, uint64_t *value)
{
    uint64_t *r = icc_register(id, reg, "hv_gic_get_icc_reg");
    if (!r) return HV_BAD_ARGUMENT;
    *value = *r;
    return HV_SUCCESS;
}

EXPORT int hv_gic_set_icc_reg(uint64_t id, uint64_t reg, uint64_t value)
{
    uint64_t *r = icc_register(id, reg, "hv_gic_set_icc_reg");
    if (!r) return HV_BAD_ARGUMENT;
    *r = value;
    return HV_SUCCESS;
}

#define QUERY(name, type, result) \
    EXPORT int name(type *value) \
    { \
        *value = result; \
        return HV_SUCCESS; \
    }

QUERY(hv_gic_get_distributor_size, size_t, DISTRIBUTOR_SIZE)
QUERY(hv_gic_get_distributor_base_alignment, size_t, 0x10000)
QUERY(hv_gic_get_redistributor_region_size, size_t, REDISTRIBUTOR_SIZE *(size_t)64)
QUERY(hv_gic_get_redistributor_base_alignment, size_t, 0x10000)

EXPORT int hv_gic_get_spi_interrupt_range(uint32_t *base, uint32_t *count)
{
    *base = FIRST_SPI;
    *count = SPI_COUNT;
    return HV_SUCCESS;
}

// A version, and the levels of the first interrupts.
EXPORT void *hv_gic_state_create(void)
{
    if (!gic_exists) return NULL;
    uint8_t *state = calloc(1, STATE_SIZE);
    state[0] = 'G';
    state[1] = 1;
    memcpy(state + 2, levels + FIRST_SPI, STATE_SIZE - 2);
    return state;
}

EXPORT int hv_gic_state_get_size(void *state, size_t *size)
{
    if (!state) return HV_BAD_ARGUMENT;
    *size = STATE_SIZE;
    return HV_SUCCESS;
}

EXPORT int hv_gic_state_get_data(const void *state, void *data)
{
    if (!state) return HV_BAD_ARGUMENT;
    memcpy(data, state, STATE_SIZE);
    return HV_SUCCESS;
}

EXPORT int hv_gic_set_state(const uint8_t *data, size_t size)
{
    if (!gic_exists) return HV_NO_DEVICE;
    if (!data || size != STATE_SIZE || data[0] != 'G' || data[1] != 1) return HV_BAD_ARGUMENT;
    memcpy(levels + FIRST_SPI, data + 2, STATE_SIZE - 2);
    return HV_SUCCESS;
}
#endif
