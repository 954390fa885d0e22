/* EL1 oracle: a bare machine that runs short A64 programs at EL1 or EL0 with the system registers that a case names, and
   reports the exception that ended each. For qemu-system-aarch64 -M virt with semihosting, which is how it reads the cases
   from the file "cases" and writes the results to the file "results" of its folder; el1.py is the client.

   A case's program stands at CODE, in a page of its own, a second one at TARGET in another; every other word of the two pages
   is BRK #0xF00, or END_OF_PROGRAM if the compiler is told of another. With FLAG_MMU the MMU is on: memory is mapped to itself,
   and FLAG_GUARD_CODE and FLAG_GUARD_TARGET set the GP bit of the pages. Data is at WINDOW. With FLAG_PAGES nothing but the code,
   the machine itself and the eight pages of the window is mapped, and the case has the attributes of each of these. Exceptions
   come back here whatever they are. */
#include <stddef.h>
#include <stdint.h>

#define CODE 0x40001000ul
#define TARGET 0x40003000ul
#define WINDOW 0x50000000ul
#ifndef END_OF_PROGRAM
#define END_OF_PROGRAM 0xd421e000u /* BRK #0xF00 */
#endif

enum { FLAG_MMU = 1, FLAG_GUARD_CODE = 2, FLAG_GUARD_TARGET = 4, FLAG_PAGES = 8 };
enum { WORDS = 16, CELLS = 8, KEYS = 10, PAGES = 8, PAGE = 4096 };

struct test_case
{
  uint64_t x[31], sp_el0, sp_el1, elr, spsr, sctlr, tcr, keys[KEYS], flags, cells[CELLS];
  uint32_t code[WORDS], target[WORDS];
  uint64_t pages[PAGES];
};

struct test_result
{
  uint64_t x[31], sp_el0, sp_el1, elr, spsr, esr, far, vector;
  uint64_t memory, tables[PAGES]; /* a sum over the window, and its descriptors */
};

_Static_assert(offsetof(struct test_case, elr) == 264 && offsetof(struct test_case, keys) == 296, "known to enter_case");
_Static_assert(offsetof(struct test_result, vector) == 296, "known to leave_case");

static struct test_case current;
static struct test_result result;
static uint64_t level1[512] __attribute__((aligned(4096))), level2[512] __attribute__((aligned(4096))), level3[512] __attribute__((aligned(4096)));
static uint64_t level3_of_window[512] __attribute__((aligned(4096)));
uint64_t host_sp;

static long semihost(unsigned operation, const void *argument)
{
  register uint64_t x0 __asm__("x0") = operation;
  register const void *x1 __asm__("x1") = argument;
  __asm__ volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
  return (long)x0;
}

static long open_file(const char *name, uint64_t mode)
{
  uint64_t length = 0;
  while (name[length]) length++;
  uint64_t arguments[] = {(uint64_t)name, mode, length};
  return semihost(1, arguments);
}

static _Noreturn void leave(uint64_t status)
{
  uint64_t arguments[] = {0x20026, status};
  for (;;) semihost(0x18, arguments);
}

/* Loads the state of `current` and returns to it as from an exception; the vectors store `result` and return from enter_case. */
void enter_case(const struct test_case *, struct test_result *);
__asm__(
    ".text\n.global _start\n_start:\n ldr x0, =stack_top\n mov sp, x0\n ldr x0, =vectors\n msr vbar_el1, x0\n"
    " mov x0, #(3 << 20)\n msr cpacr_el1, x0\n isb\n bl main\n b .\n"
    ".global enter_case\nenter_case:\n"
    " stp x29, x30, [sp, #-96]!\n stp x19, x20, [sp, #16]\n stp x21, x22, [sp, #32]\n stp x23, x24, [sp, #48]\n"
    " stp x25, x26, [sp, #64]\n stp x27, x28, [sp, #80]\n"
    " mov x2, sp\n adrp x3, host_sp\n str x2, [x3, :lo12:host_sp]\n msr tpidr_el1, x1\n"
    " mov x1, #(3 << 20)\n msr cpacr_el1, x1\n msr contextidr_el1, xzr\n msr par_el1, xzr\n msr tpidr_el0, xzr\n"
    " msr afsr0_el1, xzr\n msr esr_el1, xzr\n msr far_el1, xzr\n msr cntkctl_el1, xzr\n clrex\n msr fpcr, xzr\n msr fpsr, xzr\n"
    " ldp q0, q1, [x0]\n ldp q2, q3, [x0, #32]\n ldp q4, q5, [x0, #64]\n ldp q6, q7, [x0, #96]\n"
    " ldp q8, q9, [x0, #128]\n ldp q10, q11, [x0, #160]\n ldp q12, q13, [x0, #192]\n ldp q14, q15, [x0, #224]\n"
    " ldp q16, q17, [x0, #16]\n ldp q18, q19, [x0, #48]\n ldp q20, q21, [x0, #80]\n ldp q22, q23, [x0, #112]\n"
    " ldp q24, q25, [x0, #144]\n ldp q26, q27, [x0, #176]\n ldp q28, q29, [x0, #208]\n ldp q30, q31, [x0, #240]\n"
    " ldr x1, [x0, #264]\n msr elr_el1, x1\n ldr x1, [x0, #272]\n msr spsr_el1, x1\n ldr x1, [x0, #288]\n msr tcr_el1, x1\n"
    " ldp x1, x2, [x0, #296]\n msr s3_0_c2_c1_0, x1\n msr s3_0_c2_c1_1, x2\n"
    " ldp x1, x2, [x0, #312]\n msr s3_0_c2_c1_2, x1\n msr s3_0_c2_c1_3, x2\n"
    " ldp x1, x2, [x0, #328]\n msr s3_0_c2_c2_0, x1\n msr s3_0_c2_c2_1, x2\n"
    " ldp x1, x2, [x0, #344]\n msr s3_0_c2_c2_2, x1\n msr s3_0_c2_c2_3, x2\n"
    " ldp x1, x2, [x0, #360]\n msr s3_0_c2_c3_0, x1\n msr s3_0_c2_c3_1, x2\n"
    " ldr x1, [x0, #248]\n msr sp_el0, x1\n ldr x1, [x0, #256]\n mov sp, x1\n"
    " tlbi vmalle1\n dsb sy\n ic iallu\n dsb sy\n ldr x1, [x0, #280]\n msr sctlr_el1, x1\n isb\n"
    " mov x30, x0\n"
    " ldp x0, x1, [x30]\n ldp x2, x3, [x30, #16]\n ldp x4, x5, [x30, #32]\n ldp x6, x7, [x30, #48]\n"
    " ldp x8, x9, [x30, #64]\n ldp x10, x11, [x30, #80]\n ldp x12, x13, [x30, #96]\n ldp x14, x15, [x30, #112]\n"
    " ldp x16, x17, [x30, #128]\n ldp x18, x19, [x30, #144]\n ldp x20, x21, [x30, #160]\n ldp x22, x23, [x30, #176]\n"
    " ldp x24, x25, [x30, #192]\n ldp x26, x27, [x30, #208]\n ldp x28, x29, [x30, #224]\n ldr x30, [x30, #240]\n"
    " eret\n"
    "leave_case:\n"
    " stp x2, x3, [x0, #16]\n stp x4, x5, [x0, #32]\n stp x6, x7, [x0, #48]\n stp x8, x9, [x0, #64]\n"
    " stp x10, x11, [x0, #80]\n stp x12, x13, [x0, #96]\n stp x14, x15, [x0, #112]\n stp x16, x17, [x0, #128]\n"
    " stp x18, x19, [x0, #144]\n stp x20, x21, [x0, #160]\n stp x22, x23, [x0, #176]\n stp x24, x25, [x0, #192]\n"
    " stp x26, x27, [x0, #208]\n stp x28, x29, [x0, #224]\n str x30, [x0, #240]\n str x1, [x0, #296]\n"
    " mov x1, #0x0800\n movk x1, #0x30d0, lsl #16\n msr sctlr_el1, x1\n isb\n" /* MMU off */
    " mrs x1, sp_el0\n str x1, [x0, #248]\n mov x1, sp\n str x1, [x0, #256]\n mrs x1, elr_el1\n str x1, [x0, #264]\n"
    " mrs x1, spsr_el1\n str x1, [x0, #272]\n mrs x1, esr_el1\n str x1, [x0, #280]\n mrs x1, far_el1\n str x1, [x0, #288]\n"
    " adrp x3, host_sp\n ldr x2, [x3, :lo12:host_sp]\n mov sp, x2\n"
    " ldp x19, x20, [sp, #16]\n ldp x21, x22, [sp, #32]\n ldp x23, x24, [sp, #48]\n ldp x25, x26, [sp, #64]\n"
    " ldp x27, x28, [sp, #80]\n ldp x29, x30, [sp], #96\n ret\n"
    ".macro vector offset\n .balign 0x80\n msr tpidrro_el0, x0\n mrs x0, tpidr_el1\n str x1, [x0, #8]\n mrs x1, tpidrro_el0\n str x1, [x0]\n"
    " mov x1, #\\offset\n b leave_case\n.endm\n"
    " .balign 0x800\nvectors:\n"
    " vector 0x000\n vector 0x080\n vector 0x100\n vector 0x180\n vector 0x200\n vector 0x280\n vector 0x300\n vector 0x380\n"
    " vector 0x400\n vector 0x480\n vector 0x500\n vector 0x580\n vector 0x600\n vector 0x680\n vector 0x700\n vector 0x780\n");

/* 4 KiB pages, 39-bit addresses. The code pages are read-only to EL1 and EL0, so that both may execute them. */
static void map(uint64_t flags)
{
  const uint64_t attributes = (1 << 10) | (3 << 8), user = 1 << 6, read_only = 1 << 7, guarded = 1ul << 50;
  level1[0] = 0 | 1 | (1ul << 54) | (1ul << 53) | (1 << 10) | (1 << 2); /* device memory */
  level1[1] = (uint64_t)level2 | 3;
  level2[0] = (uint64_t)level3 | 3;
  for (uint64_t i = 1; i < 512; i++) level2[i] = (0x40000000ul + (i << 21)) | attributes | 1 | (i >= 128 ? user : 0);
  for (uint64_t i = 0; i < 512; i++) level3[i] = (0x40000000ul + (i << 12)) | attributes | user | read_only | 3;
  if (flags & FLAG_PAGES)
  {
    level1[0] = 0;
    for (uint64_t i = 1; i < 512; i++)
      if (i != ((uint64_t)&current >> 21 & 511)) level2[i] = 0;
    for (uint64_t i = 0; i < 512; i++)
      if (i != (CODE >> 12 & 511) && i != (TARGET >> 12 & 511)) level3[i] = 0;
    level2[WINDOW >> 21 & 511] = (uint64_t)level3_of_window | 3;
    for (uint64_t i = 0; i < PAGES; i++) level3_of_window[i] = (WINDOW + i * PAGE) | current.pages[i];
  }
  if (flags & FLAG_GUARD_CODE) level3[(CODE >> 12) & 511] |= guarded;
  if (flags & FLAG_GUARD_TARGET) level3[(TARGET >> 12) & 511] |= guarded;
  __asm__ volatile("msr ttbr0_el1, %0\n msr mair_el1, %1\n dsb sy\n isb" ::"r"(level1), "r"(0x4404fful) : "memory");
}

static void fill(uint64_t page, const uint32_t *words)
{
  volatile uint32_t *to = (volatile uint32_t *)page;
  for (int i = 0; i < 1024; i++) to[i] = i < WORDS && words[i] ? words[i] : END_OF_PROGRAM;
}

/* FNV-1a over doublewords. */
static uint64_t sum(const volatile uint64_t *words, int count)
{
  uint64_t hash = 0xcbf29ce484222325ul;
  for (int i = 0; i < count; i++) hash = (hash ^ words[i]) * 0x100000001b3ul;
  return hash;
}

/* Each page of the window begins and ends with the cells. */
static void fill_pages(void)
{
  for (int page = 0; page < PAGES; page++)
  {
    volatile uint64_t *words = (volatile uint64_t *)(WINDOW + page * PAGE);
    for (int i = 0; i < PAGE / 8; i++) words[i] = i < CELLS ? current.cells[i] : i >= PAGE / 8 - CELLS ? current.cells[i - (PAGE / 8 - CELLS)] : 0;
  }
}

int main(void)
{
  long input = open_file("cases", 1), output = open_file("results", 5);
  if (input < 0 || output < 0) leave(2);
  for (;;)
  {
    uint64_t read[] = {(uint64_t)input, (uint64_t)&current, sizeof current};
    if (semihost(6, read) != 0) leave(0); /* what is left unread: all of it at the end */
    fill(CODE, current.code);
    fill(TARGET, current.target);
    fill_pages();
    map(current.flags);
    enter_case(&current, &result);
    result.memory = sum((volatile uint64_t *)WINDOW, PAGES * PAGE / 8);
    for (int i = 0; i < PAGES; i++) result.tables[i] = current.flags & FLAG_PAGES ? level3_of_window[i] : 0;
    uint64_t write[] = {(uint64_t)output, (uint64_t)&result, sizeof result};
    if (semihost(5, write) != 0) leave(3);
  }
}
