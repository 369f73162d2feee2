#include "base/freed_memory.h"

#include <malloc.h>

namespace nib {

void give_freed_memory_back() {
#if defined(__GLIBC__)
  // Setting it keeps it: by itself it grows with what is freed.
  constexpr int from = 256 * 1024;
  mallopt(M_MMAP_THRESHOLD, from);
#endif
}

void keep_freed_memory() {
#if defined(__GLIBC__)
  constexpr int mebibyte = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, 32 * mebibyte);  // as large as there is
  mallopt(M_TRIM_THRESHOLD, 64 * mebibyte);
#endif
}

}  // namespace nib
