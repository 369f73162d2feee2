// A library to preload (LD_PRELOAD) that lets a program meet a system without threads, memory or readable files. What
// it refuses stands in environment variables:
//   NIB_ALLOWED_THREADS=n      all threads behind the n-th (EAGAIN, as under `ulimit -u`)
//   NIB_UNREADABLE=.ttf        to open files whose names end so (EIO)
//   NIB_FAILING_ALLOCATION=n   the n-th allocation, from 1; with NIB_ALL_BEHIND=1 all behind it, too
//   NIB_REFUSED=FILE           nothing: the file gets the name of the library whose allocation failed last
//   NIB_ALLOCATIONS=FILE       nothing: writes the number of allocations to the file at the end
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

long number(const char* name, long otherwise) {
  const char* const text = std::getenv(name);
  return text ? std::atol(text) : otherwise;
}

std::atomic<bool> ready = false;
std::atomic<long> allocations = 0, threads = 0;
long failing = 0, allowed_threads = 0;
bool all_behind = false;

[[gnu::constructor]] void begin() {
  failing = number("NIB_FAILING_ALLOCATION", 0);
  all_behind = number("NIB_ALL_BEHIND", 0) != 0;
  allowed_threads = number("NIB_ALLOWED_THREADS", -1);
  ready = true;
}

[[gnu::destructor]] void end() {
  ready = false;
  const char* const path = std::getenv("NIB_ALLOCATIONS");
  if (!path) return;
  if (std::FILE* const file = std::fopen(path, "w")) {
    std::fprintf(file, "%ld\n", allocations.load());
    std::fclose(file);
  }
}

/// Without an allocation of its own.
void note(const void* caller) {
  static int file = -2;
  const char* const path = std::getenv("NIB_REFUSED");
  if (file == -2) file = path ? static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT, 0666)) : -1;
  if (file < 0) return;
  Dl_info library{};
  const auto found = [&](const void* address) {
    return dladdr(address, &library) != 0 && std::strstr(library.dli_fname, "/libc.so") == nullptr &&
           std::strstr(library.dli_fname, "refusals") == nullptr;
  };
  // Behind a function of libc's, such as strdup(), the stack shows who called that.
  const auto* const stack = static_cast<const void* const*>(__builtin_frame_address(0));
  for (int word = 0; !found(caller); ++word) {
    if (word == 100) return;
    caller = stack[word];
  }
  char line[200] = {};
  std::strncpy(line, library.dli_fname, sizeof line - 1);
  [[maybe_unused]] const ssize_t written = pwrite(file, line, sizeof line, 0);
}

bool refused(const void* caller) {
  if (!ready) return false;
  const long count = ++allocations;
  if (failing == 0 || (all_behind ? count < failing : count != failing)) return false;
  note(caller);
  errno = ENOMEM;
  return true;
}

template <typename Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool unreadable(const char* path) {
  const char* const ending = std::getenv("NIB_UNREADABLE");
  if (!ending) return false;
  const std::size_t length = std::strlen(path), ending_length = std::strlen(ending);
  if (length < ending_length || std::strcmp(path + length - ending_length, ending) != 0) return false;
  errno = EIO;
  return true;
}

}  // namespace

extern "C" {

// glibc's own allocator, under the names that it keeps for this.
void* __libc_malloc(std::size_t) noexcept;
void* __libc_calloc(std::size_t, std::size_t) noexcept;
void* __libc_realloc(void*, std::size_t) noexcept;
void* __libc_memalign(std::size_t, std::size_t) noexcept;

void* malloc(std::size_t bytes) noexcept {
  return refused(__builtin_return_address(0)) ? nullptr : __libc_malloc(bytes);
}
void* calloc(std::size_t count, std::size_t bytes) noexcept {
  return refused(__builtin_return_address(0)) ? nullptr : __libc_calloc(count, bytes);
}
void* realloc(void* memory, std::size_t bytes) noexcept {
  return refused(__builtin_return_address(0)) ? nullptr : __libc_realloc(memory, bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
  return refused(__builtin_return_address(0)) ? nullptr : __libc_memalign(alignment, bytes);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t bytes) noexcept {
  *memory = refused(__builtin_return_address(0)) ? nullptr : __libc_memalign(alignment, bytes);
  return *memory ? 0 : ENOMEM;
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*work)(void*), void* argument) noexcept {
  if (allowed_threads >= 0 && ++threads > allowed_threads) return EAGAIN;
  return next<decltype(pthread_create)>("pthread_create")(thread, attributes, work, argument);
}

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return unreadable(path) ? -1 : next<int(const char*, int, ...)>("open")(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return unreadable(path) ? -1 : next<int(const char*, int, ...)>("open64")(path, flags, mode);
}

}  // extern "C"
