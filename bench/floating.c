/* The floating-point, vector and crypto kernels. Built with -ffp-contract=off, so that every host rounds alike. */
#include "kernels.h"

static u64 bits_of(double d)
{
  union { double d; u64 u; } x = { d };
  return x.u;
}

static inline double square_root(double d)
{
  double r;
#ifdef __aarch64__
  __asm__("fsqrt %d0, %d1" : "=w"(r) : "w"(d));
#else
  __asm__("sqrtsd %1, %0" : "=x"(r) : "x"(d));
#endif
  return r;
}

static u64 k_stream(u64 n)
{
  const u32 length = 1 << 18;
  double *a = (double *)arena, *b = a + length, *c = b + length;
  for (u32 i = 0; i < length; i++) a[i] = 0, b[i] = i, c[i] = 2 * i;
  for (u64 r = 0; r < n; r++)
  {
    double q = 1.0 + r;
    for (u32 i = 0; i < length; i++) a[i] = b[i] + q * c[i];
    __asm__ volatile("" ::: "memory");
  }
  return bits_of(a[length - 1]);
}

static u64 k_mandel(u64 n)
{
  u64 total = 0;
  for (u64 r = 0; r < n; r++)
    for (int y = 0; y < 64; y++)
      for (int x = 0; x < 64; x++)
      {
        double cr = x / 32.0 - 1.5, ci = y / 32.0 - 1.0, zr = 0, zi = 0;
        int i = 0;
        for (; i < 200; i++)
        {
          double a = zr * zr, b = zi * zi;
          if (a + b > 4) break;
          zi = 2 * zr * zi + ci;
          zr = a - b + cr;
        }
        total += i;
      }
  return total;
}

static u64 k_nbody(u64 n)
{
  double p[5][7]; /* position, velocity, mass */
  u64 seed = 3;
  for (int i = 0; i < 5; i++)
    for (int j = 0; j < 7; j++) p[i][j] = (double)(next_random(&seed) >> 44) / 1048576.0 + (j == 6 ? 0.5 : i * (j < 3));
  for (u64 r = 0; r < n * 1000; r++)
  {
    for (int i = 0; i < 5; i++)
      for (int j = i + 1; j < 5; j++)
      {
        double x = p[i][0] - p[j][0], y = p[i][1] - p[j][1], z = p[i][2] - p[j][2];
        double d = x * x + y * y + z * z, m = 0.0001 / (d * square_root(d));
        for (int k = 0; k < 3; k++)
        {
          double e = k == 0 ? x : k == 1 ? y : z;
          p[i][3 + k] -= e * p[j][6] * m;
          p[j][3 + k] += e * p[i][6] * m;
        }
      }
    for (int i = 0; i < 5; i++)
      for (int k = 0; k < 3; k++) p[i][k] += 0.0001 * p[i][3 + k];
  }
  return bits_of(p[0][0]) ^ bits_of(p[4][2]);
}

static u64 k_linpack(u64 n)
{
  enum { N = 100 };
  double *a = (double *)arena;
  u64 seed = 9, sum = 0;
  for (u64 r = 0; r < n; r++)
  {
    for (int i = 0; i < N * N; i++) a[i] = (double)(next_random(&seed) >> 44) / 1048576.0 - 0.5;
    for (int i = 0; i < N; i++) a[i * N + i] += N;
    for (int k = 0; k < N; k++)
      for (int i = k + 1; i < N; i++)
      {
        double f = a[i * N + k] / a[k * N + k];
        for (int j = k; j < N; j++) a[i * N + j] -= f * a[k * N + j];
      }
    sum ^= bits_of(a[N * N - 1]);
  }
  return sum;
}

typedef u8 v16u8 __attribute__((vector_size(16)));
typedef float v4f __attribute__((vector_size(16)));

static u64 k_vecu8(u64 n)
{
  v16u8 *a = (v16u8 *)arena, *b = a + 4096;
  for (u32 i = 0; i < 65536; i++) arena[i] = (u8)i, arena[65536 + i] = (u8)(i * 3);
  for (u64 r = 0; r < n; r++)
    for (u32 i = 0; i < 4096; i++)
    {
      v16u8 m = (v16u8)(a[i] > b[i]), x = (a[i] & m) | (b[i] & ~m);
      a[i] = x - (b[i] >> 1);
      b[i] ^= x + a[i];
    }
  u64 sum = 0;
  for (u32 i = 0; i < 131072; i++) sum = sum * 31 + arena[i];
  return sum;
}

static u64 k_vecf32(u64 n)
{
  v4f *a = (v4f *)arena, total = { 0, 0, 0, 0 };
  for (u32 i = 0; i < 4096; i++) a[i] = (v4f){ i, i + 1, i + 2, i + 3 } * 0.001f;
  for (u64 r = 0; r < n; r++)
    for (u32 i = 0; i < 4096; i++)
    {
      total = total * (v4f){ .5f, .25f, .5f, .25f } + a[i];
      a[i] = a[i] - total * 0.0001f;
    }
  union { v4f f; u32 u[4]; } x = { total };
  return x.u[0] ^ ((u64)x.u[1] << 32) ^ x.u[2] ^ x.u[3];
}

#ifdef __aarch64__
#include <arm_neon.h>

static u64 k_aes(u64 n)
{
  uint8x16_t k = vdupq_n_u8(0x5a), b = vdupq_n_u8(1), c = vdupq_n_u8(2);
  for (u64 r = 0; r < n * 10000; r++)
  {
    for (int i = 0; i < 10; i++)
    {
      b = vaesmcq_u8(vaeseq_u8(b, k));
      c = vaesmcq_u8(vaeseq_u8(c, k));
    }
    b = veorq_u8(b, c);
  }
  return vgetq_lane_u64(vreinterpretq_u64_u8(b), 0);
}

static u64 k_sha256(u64 n)
{
  uint32x4_t a = vdupq_n_u32(0x6a09e667), b = vdupq_n_u32(0xbb67ae85);
  uint32x4_t w0 = vdupq_n_u32(1), w1 = vdupq_n_u32(2), w2 = vdupq_n_u32(3), w3 = vdupq_n_u32(4);
  for (u64 r = 0; r < n * 10000; r++)
    for (int i = 0; i < 4; i++)
    {
      uint32x4_t t = vaddq_u32(w0, vdupq_n_u32(0x428a2f98)), s = a;
      a = vsha256hq_u32(a, b, t);
      b = vsha256h2q_u32(b, s, t);
      uint32x4_t w = vsha256su1q_u32(vsha256su0q_u32(w0, w1), w2, w3);
      w0 = w1;
      w1 = w2;
      w2 = w3;
      w3 = w;
    }
  return vgetq_lane_u64(vreinterpretq_u64_u32(a), 0);
}
#else
#include <immintrin.h>

__attribute__((target("aes"))) static u64 k_aes(u64 n)
{
  __m128i k = _mm_set1_epi8(0x5a), z = _mm_setzero_si128(), b = _mm_set1_epi8(1), c = _mm_set1_epi8(2);
  for (u64 r = 0; r < n * 10000; r++)
  {
    for (int i = 0; i < 10; i++)
    {
      b = _mm_aesenc_si128(_mm_xor_si128(b, k), z);
      c = _mm_aesenc_si128(_mm_xor_si128(c, k), z);
    }
    b = _mm_xor_si128(b, c);
  }
  return (u64)_mm_cvtsi128_si64(b);
}

/* The same rounds in x86's layout: A, B, E, F in one register and C, D, G, H in the other, highest first. */
__attribute__((target("sha,sse4.1"))) static u64 k_sha256(u64 n)
{
  __m128i a = _mm_set_epi32(0x6a09e667, 0x6a09e667, (int)0xbb67ae85, (int)0xbb67ae85), b = a;
  __m128i w0 = _mm_set1_epi32(1), w1 = _mm_set1_epi32(2), w2 = _mm_set1_epi32(3), w3 = _mm_set1_epi32(4);
  for (u64 r = 0; r < n * 10000; r++)
    for (int i = 0; i < 4; i++)
    {
      __m128i t = _mm_add_epi32(w0, _mm_set1_epi32(0x428a2f98));
      b = _mm_sha256rnds2_epu32(b, a, t);
      a = _mm_sha256rnds2_epu32(a, b, _mm_srli_si128(t, 8));
      __m128i w = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4)), w3);
      w0 = w1;
      w1 = w2;
      w2 = w3;
      w3 = w;
    }
  return (u64)(u32)_mm_extract_epi32(a, 3) | (u64)(u32)_mm_extract_epi32(a, 2) << 32;
}
#endif

const struct kernel floating_kernels[] = {
  { "stream", k_stream, 400 }, { "mandel", k_mandel, 200 }, { "nbody", k_nbody, 600 }, { "linpack", k_linpack, 300 },
  { "vecu8", k_vecu8, 6000 }, { "vecf32", k_vecf32, 4000 }, { "aes", k_aes, 300 }, { "sha256", k_sha256, 1000 }, { 0, 0, 0 },
};
