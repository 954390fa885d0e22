/* Freestanding CPU kernels: one source for the host's Linux, arm64 Linux (static) and bare arm64 images.
   A kernel does work proportional to n and returns a checksum, which must be the same everywhere. */
#ifndef KERNELS_H
#define KERNELS_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;

#define NOINLINE __attribute__((noinline))
#define ARENA_SIZE (16u << 20)

typedef u64 (*kernel_function)(u64 n);

struct kernel
{
  const char *name;
  kernel_function run;
  u64 n; /* about 0.1 to 0.4 s on a machine of 2023 */
};

extern u8 *const arena; /* ARENA_SIZE bytes, 4 KiB aligned; contents undefined at the start of a kernel */
extern const struct kernel integer_kernels[], floating_kernels[]; /* end with a null name */

static inline u64 next_random(u64 *s) { return *s = *s * 6364136223846793005ull + 1442695040888963407ull; }

#endif
