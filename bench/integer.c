/* The integer kernels. Built for arm64 with -mgeneral-regs-only: no floating-point or vector register is used. */
#include "kernels.h"

static u64 k_start(u64 n) { return n; }

NOINLINE static u64 fib(u64 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

static u64 k_fib(u64 n)
{
  u64 sum = 0;
  for (u64 i = 0; i < n; i++) sum += fib(24);
  return sum;
}

static u64 k_loop(u64 n)
{
  u64 a = 1, b = 3;
  for (u64 i = 0; i < n * 100000; i++)
  {
    a += b ^ i;
    b = (b << 1) | (a >> 63);
    a ^= b >> 3;
    __asm__ volatile("" : "+r"(a));
  }
  return a;
}

static u64 k_sieve(u64 n)
{
  const u32 limit = 1 << 18;
  u64 primes = 0;
  for (u64 r = 0; r < n; r++)
  {
    primes = 0;
    for (u32 i = 0; i < limit; i++) arena[i] = 1;
    for (u32 i = 2; i < limit; i++)
    {
      if (!arena[i]) continue;
      primes++;
      for (u32 j = i * 2; j < limit; j += i) arena[j] = 0;
    }
  }
  return primes;
}

static u64 k_crc32(u64 n)
{
  u32 *table = (u32 *)arena;
  for (u32 i = 0; i < 256; i++)
  {
    u32 c = i;
    for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320u ^ (c >> 1) : c >> 1;
    table[i] = c;
  }
  u8 *data = arena + 4096;
  for (u32 i = 0; i < 65536; i++) data[i] = (u8)(i * 31 + (i >> 8));
  u32 crc = ~0u;
  for (u64 r = 0; r < n; r++)
    for (u32 i = 0; i < 65536; i++) crc = table[(crc ^ data[i]) & 255] ^ (crc >> 8);
  return (u32)~crc;
}

static u64 k_matint(u64 n)
{
  enum { N = 64 };
  u32 *a = (u32 *)arena, *b = a + N * N, *c = b + N * N;
  for (u32 i = 0; i < N * N; i++) a[i] = i * 7 + 1, b[i] = i * 3 + 2;
  u64 sum = 0;
  for (u64 r = 0; r < n; r++)
  {
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++)
      {
        u32 x = 0;
        for (int k = 0; k < N; k++) x += a[i * N + k] * b[k * N + j];
        c[i * N + j] = x;
      }
    sum += c[(r * 37) % (N * N)];
    a[r % (N * N)]++;
  }
  return sum;
}

static void quicksort(u64 *a, i64 low, i64 high)
{
  while (low < high)
  {
    u64 pivot = a[(low + high) / 2];
    i64 i = low, j = high;
    while (i <= j)
    {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i > j) break;
      u64 t = a[i];
      a[i++] = a[j];
      a[j--] = t;
    }
    if (j - low < high - i)
    {
      quicksort(a, low, j);
      low = i;
    }
    else
    {
      quicksort(a, i, high);
      high = j;
    }
  }
}

static u64 k_qsort(u64 n)
{
  u64 *a = (u64 *)arena, seed = 1, sum = 0;
  for (u64 r = 0; r < n; r++)
  {
    for (int i = 0; i < 50000; i++) a[i] = next_random(&seed) >> 8;
    quicksort(a, 0, 49999);
    sum = sum * 31 + a[25000];
  }
  return sum;
}

/* Open addressing, FNV-1a of four bytes. */
static u64 k_hash(u64 n)
{
  u64 *keys = (u64 *)arena, *values = keys + 65536, seed = 7, sum = 0;
  for (u32 i = 0; i < 65536; i++) keys[i] = 0;
  for (u64 r = 0; r < n * 100000; r++)
  {
    u64 key = (next_random(&seed) >> 40) % 40000 + 1, h = 14695981039346656037ull;
    for (int b = 0; b < 4; b++) h = (h ^ ((key >> (8 * b)) & 255)) * 1099511628211ull;
    u32 i = (u32)(h >> 20) & 65535;
    while (keys[i] && keys[i] != key) i = (i + 1) & 65535;
    if (!keys[i]) keys[i] = key, values[i] = 0;
    sum += ++values[i];
  }
  return sum;
}

/* Sattolo's cycle through 4 MiB: bound by the latency of loads. */
static u64 k_ptrchase(u64 n)
{
  const u32 length = 1 << 19;
  u64 *a = (u64 *)arena, seed = 5, p = 0;
  for (u32 i = 0; i < length; i++) a[i] = i;
  for (u32 i = length - 1; i > 0; i--)
  {
    u32 j = (u32)((next_random(&seed) >> 33) % i);
    u64 t = a[i];
    a[i] = a[j];
    a[j] = t;
  }
  for (u64 i = 0; i < n * 100000; i++) p = a[p];
  return p;
}

static u64 k_memcpy(u64 n)
{
  u64 *from = (u64 *)arena, *to = (u64 *)(arena + (4 << 20));
  for (u32 i = 0; i < 131072; i++) from[i] = i;
  for (u64 r = 0; r < n; r++)
  {
    for (u32 i = 0; i < 131072; i += 4)
    {
      to[i] = from[i];
      to[i + 1] = from[i + 1];
      to[i + 2] = from[i + 2];
      to[i + 3] = from[i + 3];
    }
    __asm__ volatile("" ::: "memory");
    from[r & 131071] ^= r;
  }
  return to[1000] + to[131071];
}

/* An interpreter of bytes: a jump table. */
static u64 k_switch(u64 n)
{
  static const u8 program[] = { 0, 1, 2, 3, 4, 5, 1, 6, 2, 7, 3, 0, 5, 4, 6, 7, 8 };
  u64 a = 1, b = 2, pc = 0, left = n * 100000;
  for (;;)
  {
    switch (program[pc++])
    {
      case 0: a += b; break;
      case 1: b ^= a; break;
      case 2: a <<= 1; break;
      case 3: b += 7; break;
      case 4: a ^= b >> 5; break;
      case 5: b -= a; break;
      case 6: a |= 1; break;
      case 7: b *= 3; break;
      default:
        pc = 0;
        if (!--left) return a ^ b;
    }
  }
}

#define INDIRECT(i, expression) NOINLINE static u64 indirect##i(u64 x) { return expression; }
INDIRECT(0, x * 3)
INDIRECT(1, x ^ (x >> 11))
INDIRECT(2, x + 0x9e3779b97f4a7c15ull)
INDIRECT(3, ~x)
INDIRECT(4, x - (x << 3))
INDIRECT(5, (x << 7) | (x >> 57))
INDIRECT(6, x * x + 1)
INDIRECT(7, x ^ 0x5555)
static u64 (*volatile indirect_table[8])(u64) = { indirect0, indirect1, indirect2, indirect3, indirect4, indirect5, indirect6, indirect7 };

static u64 k_icall(u64 n)
{
  u64 x = 1;
  for (u64 i = 0; i < n * 100000; i++) x = indirect_table[(x >> 7) & 7](x + i);
  return x;
}

static u64 k_atomic(u64 n)
{
  u64 *p = (u64 *)arena;
  p[0] = p[8] = 0;
  for (u64 i = 0; i < n * 100000; i++)
  {
    __atomic_fetch_add(&p[0], i, __ATOMIC_SEQ_CST);
    u64 expected = p[8];
    __atomic_compare_exchange_n(&p[8], &expected, expected + 3, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
  }
  return p[0] + p[8];
}

static u64 k_div(u64 n)
{
  u64 seed = 1, sum = 0;
  for (u64 i = 0; i < n * 100000; i++)
  {
    u64 x = next_random(&seed);
    sum += x / ((x >> 40) | 1) + (u64)((i64)x % (i64)((i & 1023) + 3));
  }
  return sum;
}

const struct kernel integer_kernels[] = {
  { "start", k_start, 1 }, { "fib", k_fib, 400 }, { "loop", k_loop, 1500 }, { "sieve", k_sieve, 100 },
  { "crc32", k_crc32, 1200 }, { "matint", k_matint, 400 }, { "qsort", k_qsort, 40 }, { "hash", k_hash, 80 },
  { "ptrchase", k_ptrchase, 150 }, { "memcpy", k_memcpy, 2000 }, { "switch", k_switch, 60 }, { "icall", k_icall, 400 },
  { "atomic", k_atomic, 150 }, { "div", k_div, 300 }, { 0, 0, 0 },
};
