// Virtual CPUs: ownership by thread, registers, and runs.
#define _GNU_SOURCE
#include "shim.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>

enum { MAX_VCPUS = 64, MAX_SCRIPT = 4096 };

typedef struct {
    view_t view;
    hv_vcpu_exit_t exit;
    bool live, running;
    pid_t owner;
    uint64_t exec_time;
    hv_vcpu_exit_t script[MAX_SCRIPT];
    unsigned script_start, script_end;
} vcpu_t;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static vcpu_t *vcpus[MAX_VCPUS];

// Encodings of hv_sys_reg_t other than the 64 debug registers, in the order of the values.
static const uint16_t system_registers[] = {
    0x8010, 0x8012, 0xc000, 0xc005, 0xc020, 0xc021, 0xc028, 0xc029, 0xc030, 0xc031, 0xc038, 0xc039, 0xc03a, 0xc080, 0xc082, 0xc100, 0xc101, 0xc102,
    0xc108, 0xc109, 0xc10a, 0xc10b, 0xc110, 0xc111, 0xc112, 0xc113, 0xc118, 0xc119, 0xc200, 0xc201, 0xc208, 0xc288, 0xc289, 0xc290, 0xc300, 0xc3a0,
    0xc510, 0xc518, 0xc600, 0xc681, 0xc684, 0xc708, 0xd000, 0xde82, 0xde83, 0xdf19, 0xdf1a, 0xe208,
#if SHIM_MACOS >= 15
    0xc024, 0xc025, 0xc081, 0xc094, 0xc096, 0xc687, 0xde85, 0xde87,
    0xdf10, 0xdf11, 0xdf12, 0xe000, 0xe005, 0xe080, 0xe088, 0xe089, 0xe08a, 0xe100, 0xe101, 0xe102, 0xe108, 0xe10a, 0xe200, 0xe201, 0xe290, 0xe300,
    0xe304, 0xe510, 0xe600, 0xe682, 0xe703, 0xe708, 0xe710, 0xe711, 0xe712, 0xf208,
#endif
};

static bool is_system_register(uint32_t r)
{
    if (r >= 0x8004 && r <= 0x807f && (r & 7) >= 4) return true; // DBGBVR, DBGBCR, DBGWVR, DBGWCR 0 to 15
    for (size_t i = 0; i < sizeof system_registers / sizeof *system_registers; i++) {
        if (system_registers[i] == r) return true;
    }
    return false;
}

// What the software CPU that executes the guests has, and besides what a guest must not believe, so that an engine that hands it on is found out.
static const uint64_t features[] = {
    0x10305006 | (1ul << 4) | (6ul << 8) | (5ul << 32), // DFR0: trace, PMU, SPE
    0,
    0x1221111110212120,                                 // ISAR0
    0x0010111101211052,                                 // ISAR1
    0x0000000000100025,                                 // MMFR0: 48 bits
    0x0000000000211002,
    0x1021000110000011 | (2ul << 24),                   // MMFR2: NV
    0x1201000000110011 | (1ul << 8) | (1ul << 12) | (1ul << 32) | (1ul << 44), // PFR0: EL2, EL3, SVE, AMU
    0x0000000000000021 | (3ul << 8) | (1ul << 24),      // PFR1: MTE, SME
    0x8444c004, 0x09200023, 4,
    0, 0,
};

static const uint16_t feature_encodings[] = { 0xc028, 0xc029, 0xc030, 0xc031, 0xc038, 0xc039, 0xc03a, 0xc020, 0xc021 };

static pid_t self(void) { return (pid_t)syscall(SYS_gettid); }

int live_vcpus(void)
{
    int count = 0;
    for (int i = 0; i < MAX_VCPUS; i++) count += vcpus[i] && vcpus[i]->live;
    return count;
}

static vcpu_t *find(uint64_t id, const char *function)
{
    vcpu_t *c = id < MAX_VCPUS ? vcpus[id] : NULL;
    if (!c || !c->live) {
        violation("%s: there is no virtual CPU %lu", function, (unsigned long)id);
        return NULL;
    }
    if (c->owner != self()) {
        violation("%s: virtual CPU %lu belongs to another thread", function, (unsigned long)id);
        return NULL;
    }
    if (c->running) {
        violation("%s: virtual CPU %lu is running", function, (unsigned long)id);
        return NULL;
    }
    return c;
}

view_t *owned(uint64_t id, const char *function)
{
    vcpu_t *c = find(id, function);
    return c ? &c->view : NULL;
}

EXPORT void *hv_vcpu_config_create(void) { return calloc(1, 16); }

EXPORT int hv_vcpu_config_get_feature_reg(void *config, uint32_t feature, uint64_t *value)
{
    if (!config || feature >= sizeof features / sizeof *features || (SHIM_MACOS < 15 && feature > 11)) return HV_BAD_ARGUMENT;
    *value = features[feature];
    return HV_SUCCESS;
}

EXPORT int hv_vcpu_config_get_ccsidr_el1_sys_reg_values(void *config, uint32_t type, uint64_t values[8])
{
    if (!config || type > 1) return HV_BAD_ARGUMENT;
    for (int i = 0; i < 8; i++) values[i] = 0x700fe01au + (uint64_t)i * 0x1000000u + type;
    return HV_SUCCESS;
}

EXPORT int hv_vcpu_create(uint64_t *id, hv_vcpu_exit_t **exit, void *config)
{
    int result = HV_NO_RESOURCES;
    (void)config;
    pthread_mutex_lock(&lock);
    if (!vm_exists) {
        result = HV_NO_DEVICE;
    } else {
        for (int i = 0; i < MAX_VCPUS; i++) {
            if (vcpus[i] && vcpus[i]->live && vcpus[i]->owner == self()) result = HV_BUSY;
        }
        for (int i = 0; result == HV_NO_RESOURCES && i < MAX_VCPUS; i++) {
            if (vcpus[i] && vcpus[i]->live) continue;
            if (!vcpus[i]) {
                vcpus[i] = aligned_alloc(16, (sizeof(vcpu_t) + 15) & ~15ul);
                memset(vcpus[i], 0, sizeof(vcpu_t));
                vcpus[i]->view.sys = calloc(65536, sizeof(uint64_t));
            }
            vcpu_t *c = vcpus[i];
            uint64_t *sys = c->view.sys;
            memset(c, 0, sizeof *c);
            c->view.sys = sys;

            // Nothing says what a fresh virtual CPU holds.
            memset(c->view.x, 0xdb, sizeof c->view.x);
            memset(c->view.v, 0xdb, sizeof c->view.v);
            c->view.pc = 0xdbdbdbdbdbdbdbd8;
            c->view.cpsr = 0x3c4;
            c->view.fpcr = 0x03000000;
            c->view.fpsr = 0x9f;
            for (uint32_t r = 0x8000; r < 0x10000; r++) sys[r] = is_system_register(r) ? 0xdbdbdbdbdbdbdbdb : 0;
            for (size_t f = 0; f < sizeof feature_encodings / sizeof *feature_encodings; f++) sys[feature_encodings[f]] = features[f];
            sys[0xc000] = 0x611f0221;
            c->view.id = (uint64_t)i;
            c->view.time = mach_absolute_time;
            c->owner = self();
            c->live = true;
            memset(&c->exit, 0xa5, sizeof c->exit);
            *id = (uint64_t)i;
            *exit = &c->exit;
            result = HV_SUCCESS;
            if (executor.create) executor.create(&c->view);
        }
    }
    pthread_mutex_unlock(&lock);
    record("hv_vcpu_create() = 0x%x", result);
    return result;
}

EXPORT int hv_vcpu_destroy(uint64_t id)
{
    vcpu_t *c = find(id, "hv_vcpu_destroy");
    record("hv_vcpu_destroy(%lu) = 0x%x", (unsigned long)id, c ? 0 : HV_BAD_ARGUMENT);
    if (!c) return HV_BAD_ARGUMENT;
    if (executor.destroy) executor.destroy(&c->view);
    c->live = false;
    memset(&c->exit, 0xa5, sizeof c->exit);
    return HV_SUCCESS;
}

// The next runs of a virtual CPU come back with these exits and execute nothing.
EXPORT int shim_script(uint64_t id, const hv_vcpu_exit_t *exit)
{
    vcpu_t *c = id < MAX_VCPUS ? vcpus[id] : NULL;
    if (!c || !c->live || c->script_end - c->script_start >= MAX_SCRIPT) return HV_BAD_ARGUMENT;
    c->script[c->script_end++ % MAX_SCRIPT] = *exit;
    return HV_SUCCESS;
}

EXPORT int hv_vcpu_run(uint64_t id)
{
    vcpu_t *c = find(id, "hv_vcpu_run");
    if (!c) return HV_BAD_ARGUMENT;
    record("hv_vcpu_run(%lu) irq=%u fiq=%u vtimer_mask=%u", (unsigned long)id, c->view.irq, c->view.fiq, c->view.vtimer_mask);
    memset(&c->exit, 0xa5, sizeof c->exit);
    c->running = true;
    if (__atomic_exchange_n(&c->view.cancel, 0, __ATOMIC_SEQ_CST)) {
        c->exit.reason = EXIT_CANCELED;
    } else if (c->script_start != c->script_end) {
        c->exit = c->script[c->script_start++ % MAX_SCRIPT];
        c->exec_time += c->exit.reason == EXIT_UNKNOWN ? c->exit.exception.syndrome : 1;
    } else if (executor.run) {
        c->exec_time++;
        executor.run(&c->view, &c->exit);
        if (c->exit.reason == EXIT_CANCELED) __atomic_store_n(&c->view.cancel, 0, __ATOMIC_SEQ_CST);
    } else {
        c->exit.reason = EXIT_UNKNOWN;
    }
    if (c->exit.reason == EXIT_VTIMER_ACTIVATED) c->view.vtimer_mask = 1;
    c->view.irq = c->view.fiq = 0; // cleared whenever a run ends
    c->running = false;
    return HV_SUCCESS;
}

EXPORT int hv_vcpus_exit(const uint64_t *ids, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        vcpu_t *c = ids[i] < MAX_VCPUS ? vcpus[ids[i]] : NULL;
        record("hv_vcpus_exit(%lu)", (unsigned long)ids[i]);
        if (!c || !c->live) {
            violation("hv_vcpus_exit: there is no virtual CPU %lu", (unsigned long)ids[i]);
            return HV_BAD_ARGUMENT;
        }
        __atomic_store_n(&c->view.cancel, 1, __ATOMIC_SEQ_CST);
    }
    return HV_SUCCESS;
}

static uint64_t *general(view_t *v, uint32_t reg)
{
    switch (reg) {
    case 31: return &v->pc;
    case 32: return &v->fpcr;
    case 33: return &v->fpsr;
    case 34: return &v->cpsr;
    default: return reg < 31 ? &v->x[reg] : NULL;
    }
}

EXPORT int hv_vcpu_get_reg(uint64_t id, uint32_t reg, uint64_t *value)
{
    view_t *v = owned(id, "hv_vcpu_get_reg");
    uint64_t *r = v ? general(v, reg) : NULL;
    if (v && !r) violation("hv_vcpu_get_reg(%u)", reg);
    if (!r) return HV_BAD_ARGUMENT;
    *value = *r;
    return HV_SUCCESS;
}

EXPORT int hv_vcpu_set_reg(uint64_t id, uint32_t reg, uint64_t value)
{
    view_t *v = owned(id, "hv_vcpu_set_reg");
    uint64_t *r = v ? general(v, reg) : NULL;
    if (v && !r) violation("hv_vcpu_set_reg(%u)", reg);
    if (!r) return HV_BAD_ARGUMENT;
    *r = value;
    return HV_SUCCESS;
}

EXPORT int hv_vcpu_get_simd_fp_reg(uint64_t id, uint32_t reg, simd_t *value)
{
    view_t *v = owned(id, "hv_vcpu_get_simd_fp_reg");
    if (!v || reg > 31) return HV_BAD_ARGUMENT;
    memcpy(value, &v->v[reg], sizeof *value);
    return HV_SUCCESS;
}

EXPORT int hv_vcpu_set_simd_fp_reg(uint64_t id, uint32_t reg, simd_t value)
{
    view_t *v = owned(id, "hv_vcpu_set_simd_fp_reg");
    if (!v || reg > 31) return HV_BAD_ARGUMENT;
    v->v[reg] = value;
    return HV_SUCCESS;
}

EXPORT int hv_vcpu_set_simd_fp_reg_by_reference(uint64_t id, uint32_t reg, const simd_t *value)
{
    simd_t copy;
    memcpy(&copy, value, sizeof copy);
    return hv_vcpu_set_simd_fp_reg(id, reg, copy);
}

static uint64_t *system_register(uint64_t id, uint64_t reg, const char *function)
{
    view_t *v = owned(id, function);
    if (!v) return NULL;
    if (!is_clean(reg, 16, function) || !is_system_register((uint32_t)reg)) return NULL;
    if (!gic_exists && reg >= 0xdf10 && reg <= 0xdf12) return NULL; // CNTP_*: with the framework's GIC only
    return &v->sys[reg & 0xffff];
}

EXPORT int hv_vcpu_get_sys_reg(uint64_t id, uint64_t reg, uint64_t *value)
{
    uint64_t *r = system_register(id, reg, "hv_vcpu_get_sys_reg");
    if (!r) return HV_BAD_ARGUMENT;
    *value = *r;
    return HV_SUCCESS;
}

EXPORT int hv_vcpu_set_sys_reg(uint64_t id, uint64_t reg, uint64_t value)
{
    uint64_t *r = system_register(id, reg, "hv_vcpu_set_sys_reg");
    if (!r) return HV_BAD_ARGUMENT;
    *r = value;
    return HV_SUCCESS;
}

EXPORT int hv_vcpu_set_pending_interrupt(uint64_t id, uint32_t type, uint64_t pending)
{
    view_t *v = owned(id, "hv_vcpu_set_pending_interrupt");
    record("hv_vcpu_set_pending_interrupt(%lu, %u, %u)", (unsigned long)id, type, (unsigned)pending);
    if (!v || type > 1 || !is_clean(pending, 1, "hv_vcpu_set_pending_interrupt")) return HV_BAD_ARGUMENT;
    if (gic_exists) return HV_UNSUPPORTED;
    *(type == 0 ? &v->irq : &v->fiq) = (uint8_t)pending;
    return HV_SUCCESS;
}

static int set_flag(uint64_t id, uint64_t value, size_t offset, const char *function)
{
    view_t *v = owned(id, function);
    record("%s(%lu, %u)", function, (unsigned long)id, (unsigned)value);
    if (!v || !is_clean(value, 1, function)) return HV_BAD_ARGUMENT;
    ((uint8_t *)v)[offset] = (uint8_t)value;
    return HV_SUCCESS;
}

EXPORT int hv_vcpu_set_trap_debug_exceptions(uint64_t id, uint64_t value) { return set_flag(id, value, offsetof(view_t, trap_debug_exceptions), __func__); }

EXPORT int hv_vcpu_set_trap_debug_reg_accesses(uint64_t id, uint64_t value) { return set_flag(id, value, offsetof(view_t, trap_debug_reg_accesses), __func__); }

EXPORT int hv_vcpu_set_vtimer_mask(uint64_t id, uint64_t value) { return set_flag(id, value, offsetof(view_t, vtimer_mask), __func__); }

#if SHIM_MACOS >= 27
EXPORT int hv_vcpu_set_serror(uint64_t id, uint64_t value) { return set_flag(id, value, offsetof(view_t, serror), __func__); }
#endif

EXPORT int hv_vcpu_set_vtimer_offset(uint64_t id, uint64_t value)
{
    view_t *v = owned(id, "hv_vcpu_set_vtimer_offset");
    if (!v) return HV_BAD_ARGUMENT;
    v->vtimer_offset = value;
    return HV_SUCCESS;
}

EXPORT int hv_vcpu_get_exec_time(uint64_t id, uint64_t *value)
{
    if (!owned(id, "hv_vcpu_get_exec_time")) return HV_BAD_ARGUMENT;
    *value = vcpus[id]->exec_time;
    return HV_SUCCESS;
}
