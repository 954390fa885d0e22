/* linux_main KERNEL N: runs a kernel with that n (0: its own) and prints its checksum in 16 hex digits.
   linux_main list: prints a line a kernel: group, index within it, name, n. */
#include "kernels.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static u8 arena_memory[ARENA_SIZE] __attribute__((aligned(4096)));
u8 *const arena = arena_memory;

static const struct { const char *name; const struct kernel *kernels; } groups[] = {
  { "integer", integer_kernels }, { "floating", floating_kernels },
};

int main(int argc, char **argv)
{
  int list = argc == 2 && !strcmp(argv[1], "list");
  if (argc != 3 && !list) return fprintf(stderr, "usage: %s list | KERNEL N\n", argv[0]), 2;
  for (int g = 0; g < 2; g++)
    for (const struct kernel *k = groups[g].kernels; k->name; k++)
    {
      if (list) printf("%s %d %s %llu\n", groups[g].name, (int)(k - groups[g].kernels), k->name, k->n);
      else if (!strcmp(k->name, argv[1]))
      {
        u64 n = strtoull(argv[2], 0, 0);
        printf("%016llx\n", k->run(n ? n : k->n));
        return 0;
      }
    }
  if (!list) fprintf(stderr, "%s: no kernel %s\n", argv[0], argv[1]);
  return !list;
}
