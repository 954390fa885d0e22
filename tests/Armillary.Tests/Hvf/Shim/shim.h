// A strict stand-in for Hypervisor.framework: the same functions, enforcing the contract that the framework only documents.
// Guests are executed by whoever registers an executor. Written from the published facts of the interface, without Apple's headers.
#ifndef SHIM_H
#define SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef SHIM_MACOS
#define SHIM_MACOS 27
#endif

enum {
    HV_SUCCESS = 0,
    HV_ERROR = (int)0xfae94001,
    HV_BUSY = (int)0xfae94002,
    HV_BAD_ARGUMENT = (int)0xfae94003,
    HV_ILLEGAL_GUEST_STATE = (int)0xfae94004,
    HV_NO_RESOURCES = (int)0xfae94005,
    HV_NO_DEVICE = (int)0xfae94006,
    HV_DENIED = (int)0xfae94007,
    HV_EXISTS = (int)0xfae94008,
    HV_UNSUPPORTED = (int)0xfae9400f,
};

enum { EXIT_CANCELED, EXIT_EXCEPTION, EXIT_VTIMER_ACTIVATED, EXIT_UNKNOWN };

typedef uint8_t simd_t __attribute__((vector_size(16)));

typedef struct {
    uint32_t reason;
    struct {
        uint64_t syndrome;
        uint64_t virtual_address;
        uint64_t physical_address;
    } exception;
} hv_vcpu_exit_t;

// What an executor sees of a virtual CPU. sys is indexed by encoding.
typedef struct {
    uint64_t id;
    uint64_t x[31], pc, fpcr, fpsr, cpsr;
    simd_t v[32];
    uint64_t *sys;
    uint64_t vtimer_offset;
    uint32_t cancel; // may be set while the guest runs
    uint8_t irq, fiq, serror, trap_debug_exceptions, trap_debug_reg_accesses, vtimer_mask;
    uint64_t (*time)(void); // mach_absolute_time
} view_t;

typedef struct {
    void (*create)(view_t *view);
    void (*destroy)(view_t *view);
    void (*run)(view_t *view, hv_vcpu_exit_t *exit);
    void (*memory)(uint64_t ipa, void *uva, uint64_t size, uint64_t flags, uint32_t operation);
} executor_t;

enum { MEMORY_MAP, MEMORY_UNMAP, MEMORY_PROTECT, MEMORY_FETCH_ANEW, MEMORY_FORGET };

// What the host is like; tests change it.
typedef struct {
    uint32_t hv_support;
    uint32_t max_address_spaces;
    int32_t create_result; // of hv_vm_create
    uint32_t default_ipa, max_ipa;
    uint32_t el2_supported;
    uint32_t max_vcpus;
    const char *entitlements; // a property list, or null
    uint64_t time; // of mach_absolute_time, or 0 for the host's
} configuration_t;

extern configuration_t configuration;
extern executor_t executor;
extern uint64_t page_size; // of the machine that is there
extern bool vm_exists, gic_exists;

uint64_t mach_absolute_time(void);
void record(const char *format, ...) __attribute__((format(printf, 1, 2)));
void violation(const char *format, ...) __attribute__((format(printf, 1, 2)));
int live_vcpus(void);

// An argument narrower than 32 bits comes extended to 32: dirt above its width is a marshalling mistake.
bool is_clean(uint64_t argument, unsigned bits, const char *function);

// The view of a live virtual CPU if the calling thread owns it, else null and a violation.
view_t *owned(uint64_t id, const char *function);

#define EXPORT __attribute__((visibility("default")))

#endif
