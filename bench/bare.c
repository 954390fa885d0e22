/* Bare image at 0x40080000 for a CPU with the MMU off and RAM from 0x40000000 to 0x43ffffff.
   X0 = index of the kernel, X1 = n (0: its own). The checksum is in X0 at BRK #0.
   With FLOATING it has the floating-point kernels after the integer ones, and enables the registers they need. */
#include "kernels.h"

#ifdef FLOATING
#define ENABLE_FLOATING " mov x3, #0x300000\n msr cpacr_el1, x3\n isb\n" /* FPEN; starts at EL1 */
#else
#define ENABLE_FLOATING ""
#endif

u8 *const arena = (u8 *)0x42000000ul;

__asm__(
    ".section .text.start, \"ax\"\n.global _start\n_start:\n" ENABLE_FLOATING
    " mov x3, #0x43f00000\n mov sp, x3\n bl bare_main\n brk #0\n b .\n.previous\n");

u64 bare_main(u64 index, u64 n)
{
  const struct kernel *kernels = integer_kernels;
#ifdef FLOATING
  u64 integers = 0;
  while (integer_kernels[integers].name) integers++;
  if (index >= integers) kernels = floating_kernels, index -= integers;
#endif
  for (u64 i = 0; i <= index; i++)
    if (!kernels[i].name) return ~0ull;
  return kernels[index].run(n ? n : kernels[index].n);
}

/* The compiler may call these. The barriers keep it from making them call themselves. */
void *memset(void *to, int value, unsigned long size)
{
  for (u8 *p = to; size--;)
  {
    *p++ = (u8)value;
    __asm__ volatile("");
  }
  return to;
}

void *memcpy(void *to, const void *from, unsigned long size)
{
  const u8 *q = from;
  for (u8 *p = to; size--;)
  {
    *p++ = *q++;
    __asm__ volatile("");
  }
  return to;
}
