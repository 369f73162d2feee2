#include "base/late_library.h"

#include <dlfcn.h>

#include <string>

#include "base/error.h"

namespace nib {

void* LateLibrary::handle() {
  if (void* const before = handle_.load(std::memory_order_acquire)) return before;
  constexpr int how = RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE;
  void* loaded = dlopen(name_, how);
  if (loaded == nullptr) {
    const char* const error = dlerror();
    const std::string why = error == nullptr ? "no reason" : error;  // the next call forgets it
    loaded = dlopen(file_, how);
    if (loaded == nullptr) throw io_error({.file = name_, .problem = "the library cannot be loaded: " + why});
  }
  handle_.store(loaded, std::memory_order_release);  // another thread's is the same
  return loaded;
}

void* LateLibrary::find(const char* symbol) {
  void* const found = dlsym(handle(), symbol);
  if (found == nullptr)
    throw io_error({.file = name_, .field = symbol, .problem = "this version of the library does not have it"});
  return found;
}

}  // namespace nib
