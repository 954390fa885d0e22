/* A64 oracle: runs short A64 programs on an AArch64 Linux (a native one, or qemu-aarch64) and reports the whole state.

   Protocol. All numbers are little-endian. Standard input is a row of batches, each

       u32 magic 'A64O' (0x4f343641), u32 count (1 to MAX_BATCH), then count * struct test_case

   and each is answered on standard output by count * struct test_result, in order. End of input ends the program.

   Exit status: 0 end of input, 2 the fixed addresses are not free, 3 bad batch header, 4 input ended inside a batch,
   5 the answer could not be written.

   A case's instructions stand at CODE, followed by BRK #0xF00, and everything else within the code area is that BRK too;
   so a branch to any word of it stops there. Data is one page at WINDOW with nothing mapped around it. The literal, if
   its address is not 0, is stored first, so that PC-relative loads find 16 bytes at any address of the code area.

   The caller answers for the bases of memory accesses: a store through a wild pointer can hit the oracle itself.
   SVC and HLT #0xF000 (QEMU's semihosting) leave the machine and are refused. */
#define _GNU_SOURCE
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#define MAGIC 0x4f343641u
#define MAX_BATCH 64
#define MAX_INSTRUCTIONS 32
#define CODE 0x40001000ul        /* the first instruction */
#define CODE_AREA 0x3ff00000ul   /* ADR and literal loads reach 1 MiB to both sides of CODE */
#define CODE_AREA_END 0x40110000ul
#define WINDOW 0x50000000ul
#define WINDOW_SIZE 4096
#define GUARD 65536
#define END_OF_PROGRAM 0xd421e000u /* BRK #0xF00 */
#define REFUSED 0x100u
#define TIME_LIMIT_MICROSECONDS 200000

enum { FLAG_TIME_LIMIT = 1 }; /* ends endless loops; a timer per case, so only for cases that may have one */

typedef unsigned __int128 u128;

struct test_case
{
  uint32_t instruction_count, flags;
  uint64_t x[31], sp, nzcv, fpcr, fpsr, tpidr_el0; /* nzcv: in bits 31 to 28, as MSR NZCV takes it */
  uint64_t literal_address, literal[2];
  u128 v[32];
  uint8_t window[WINDOW_SIZE];
  uint32_t instructions[MAX_INSTRUCTIONS];
};

struct test_result
{
  uint32_t signal; /* SIGTRAP (5) a BRK, SIGILL (4) undefined, SIGSEGV (11) or SIGBUS (7) a fault, SIGALRM (14), REFUSED */
  uint32_t signal_code;
  uint64_t pc, fault_address; /* where it stopped */
  uint64_t x[31], sp, nzcv, fpcr, fpsr, tpidr_el0, reserved;
  u128 v[32];
  uint8_t window[WINDOW_SIZE];
};

_Static_assert(offsetof(struct test_case, sp) == 256 && offsetof(struct test_case, v) == 320, "known to enter_case");
_Static_assert(sizeof(struct test_case) == 5056 && sizeof(struct test_result) == 4928, "known to the clients");

static struct test_case cases[MAX_BATCH];
static struct test_result results[MAX_BATCH];
static volatile int current;
static uint64_t host_tpidr;
static uint8_t signal_stack[65536] __attribute__((aligned(16)));
uint64_t host_sp;

/* enter_case loads every register and meets the BRK of entry_stub. The signal handler moves PC to CODE: a branch would
   need a register. When the case stops, the handler moves PC to leave_case, which returns from enter_case. */
void enter_case(const struct test_case *c);
extern void leave_case(void), entry_stub(void);
__asm__(
    ".text\n.global enter_case\nenter_case:\n"
    " stp x29, x30, [sp, #-176]!\n stp x19, x20, [sp, #16]\n stp x21, x22, [sp, #32]\n stp x23, x24, [sp, #48]\n"
    " stp x25, x26, [sp, #64]\n stp x27, x28, [sp, #80]\n stp d8, d9, [sp, #96]\n stp d10, d11, [sp, #112]\n"
    " stp d12, d13, [sp, #128]\n stp d14, d15, [sp, #144]\n"
    " mov x2, sp\n adrp x3, host_sp\n str x2, [x3, :lo12:host_sp]\n"
    " ldr x1, [x0, #264]\n msr nzcv, x1\n ldr x1, [x0, #272]\n msr fpcr, x1\n ldr x1, [x0, #280]\n msr fpsr, x1\n"
    " ldr x1, [x0, #256]\n mov sp, x1\n"
    " add x1, x0, #320\n"
    " ldp q0, q1, [x1]\n ldp q2, q3, [x1, #32]\n ldp q4, q5, [x1, #64]\n ldp q6, q7, [x1, #96]\n"
    " ldp q8, q9, [x1, #128]\n ldp q10, q11, [x1, #160]\n ldp q12, q13, [x1, #192]\n ldp q14, q15, [x1, #224]\n"
    " ldp q16, q17, [x1, #256]\n ldp q18, q19, [x1, #288]\n ldp q20, q21, [x1, #320]\n ldp q22, q23, [x1, #352]\n"
    " ldp q24, q25, [x1, #384]\n ldp q26, q27, [x1, #416]\n ldp q28, q29, [x1, #448]\n ldp q30, q31, [x1, #480]\n"
    " add x30, x0, #8\n"
    " ldp x0, x1, [x30]\n ldp x2, x3, [x30, #16]\n ldp x4, x5, [x30, #32]\n ldp x6, x7, [x30, #48]\n"
    " ldp x8, x9, [x30, #64]\n ldp x10, x11, [x30, #80]\n ldp x12, x13, [x30, #96]\n ldp x14, x15, [x30, #112]\n"
    " ldp x16, x17, [x30, #128]\n ldp x18, x19, [x30, #144]\n ldp x20, x21, [x30, #160]\n ldp x22, x23, [x30, #176]\n"
    " ldp x24, x25, [x30, #192]\n ldp x26, x27, [x30, #208]\n ldp x28, x29, [x30, #224]\n ldr x30, [x30, #240]\n"
    ".global entry_stub\nentry_stub: brk #0xE00\n"
    ".global leave_case\nleave_case:\n"
    " adrp x3, host_sp\n ldr x2, [x3, :lo12:host_sp]\n mov sp, x2\n msr fpcr, xzr\n"
    " ldp x19, x20, [sp, #16]\n ldp x21, x22, [sp, #32]\n ldp x23, x24, [sp, #48]\n ldp x25, x26, [sp, #64]\n"
    " ldp x27, x28, [sp, #80]\n ldp d8, d9, [sp, #96]\n ldp d10, d11, [sp, #112]\n ldp d12, d13, [sp, #128]\n"
    " ldp d14, d15, [sp, #144]\n ldp x29, x30, [sp], #176\n ret\n");

static void on_signal(int signal, siginfo_t *info, void *context)
{
  uint64_t tpidr;
  __asm__ volatile("mrs %0, tpidr_el0\n msr tpidr_el0, %1" : "=&r"(tpidr) : "r"(host_tpidr));
  mcontext_t *m = &((ucontext_t *)context)->uc_mcontext;
  if (signal == SIGTRAP && m->pc == (uint64_t)entry_stub)
  {
    m->pc = CODE;
    __asm__ volatile("msr tpidr_el0, %0" ::"r"(cases[current].tpidr_el0) : "memory");
    return;
  }

  struct test_result *r = &results[current];
  r->signal = signal;
  r->signal_code = info->si_code;
  r->pc = m->pc;
  r->fault_address = signal == SIGSEGV || signal == SIGBUS ? (uint64_t)info->si_addr : 0;
  memcpy(r->x, m->regs, sizeof r->x);
  r->sp = m->sp;
  r->nzcv = m->pstate & 0xf0000000u;
  r->tpidr_el0 = tpidr;
  for (struct _aarch64_ctx *h = (void *)m->__reserved; h->magic; h = (void *)((char *)h + h->size))
  {
    if (h->magic != FPSIMD_MAGIC) continue;
    struct fpsimd_context *f = (void *)h;
    memcpy(r->v, f->vregs, sizeof r->v);
    r->fpcr = f->fpcr;
    r->fpsr = f->fpsr;
    f->fpcr = 0;
    break;
  }

  m->pc = (uint64_t)leave_case;
  m->pstate = 0;
}

static int read_all(void *to, size_t size)
{
  for (char *p = to; size;)
  {
    ssize_t n = read(0, p, size);
    if (n <= 0) return 0;
    p += n;
    size -= n;
  }
  return 1;
}

static int write_all(const void *from, size_t size)
{
  for (const char *p = from; size;)
  {
    ssize_t n = write(1, p, size);
    if (n <= 0) return 0;
    p += n;
    size -= n;
  }
  return 1;
}

static void fill_code(uint64_t address, uint64_t end)
{
  for (uint32_t *p = (uint32_t *)(address & ~3ul); p < (uint32_t *)end; p++) *p = END_OF_PROGRAM;
}

static int leaves_the_machine(uint32_t word) { return (word & 0xffe0001fu) == 0xd4000001u || word == 0xd45e0000u; }

static void run(const struct test_case *c, struct test_result *r)
{
  uint32_t count = c->instruction_count > MAX_INSTRUCTIONS ? MAX_INSTRUCTIONS : c->instruction_count;
  memset(r, 0, sizeof *r);
  r->signal = REFUSED;
  for (uint32_t i = 0; i < count; i++)
    if (leaves_the_machine(c->instructions[i])) return;
  int literal = c->literal_address != 0;
  if (literal && (c->literal_address < CODE_AREA || c->literal_address > CODE_AREA_END - 16)) return;

  uint8_t *window = (uint8_t *)WINDOW;
  memcpy(window, c->window, WINDOW_SIZE);
  if (literal) memcpy((void *)c->literal_address, c->literal, 16);
  uint32_t *code = (uint32_t *)CODE;
  memcpy(code, c->instructions, count * 4);
  code[count] = END_OF_PROGRAM;
  __builtin___clear_cache((char *)code, (char *)(code + MAX_INSTRUCTIONS + 1));

  struct itimerval limit = { .it_value = { 0, TIME_LIMIT_MICROSECONDS } }, none = { 0 };
  if (c->flags & FLAG_TIME_LIMIT) setitimer(ITIMER_REAL, &limit, 0);
  enter_case(c);
  if (c->flags & FLAG_TIME_LIMIT) setitimer(ITIMER_REAL, &none, 0);

  memcpy(r->window, window, WINDOW_SIZE);
  fill_code(CODE, CODE + 4 * count);
  if (literal) fill_code(c->literal_address, c->literal_address + 16);
}

int main(void)
{
  __asm__ volatile("mrs %0, tpidr_el0" : "=r"(host_tpidr));
  stack_t stack = { .ss_sp = signal_stack, .ss_size = sizeof signal_stack };
  sigaltstack(&stack, 0);
  struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK };
  sigfillset(&action.sa_mask);
  const int signals[] = { SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGALRM };
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, 0);

  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
  void *guarded = (void *)(WINDOW - GUARD), *area = (void *)CODE_AREA;
  if (mmap(guarded, WINDOW_SIZE + 2 * GUARD, PROT_NONE, flags, -1, 0) != guarded) return 2;
  if (mprotect((void *)WINDOW, WINDOW_SIZE, PROT_READ | PROT_WRITE)) return 2;
  if (mmap(area, CODE_AREA_END - CODE_AREA, PROT_READ | PROT_WRITE | PROT_EXEC, flags, -1, 0) != area) return 2;
  fill_code(CODE_AREA, CODE_AREA_END);

  uint32_t header[2];
  while (read_all(header, sizeof header))
  {
    if (header[0] != MAGIC || header[1] < 1 || header[1] > MAX_BATCH) return 3;
    if (!read_all(cases, header[1] * sizeof cases[0])) return 4;
    for (uint32_t i = 0; i < header[1]; i++)
    {
      current = i;
      run(&cases[i], &results[i]);
    }
    if (!write_all(results, header[1] * sizeof results[0])) return 5;
  }
  return 0;
}
