#pragma once

#include <cstddef>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#elif defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

/// The sanitizers' hooks for switching stacks and for poisoning memory; nothing in a build without them.
namespace nib::cuda_on_host::sanitizers {

#if defined(__SANITIZE_THREAD__)
inline constexpr bool thread = true;
#else
inline constexpr bool thread = false;
#endif

#if defined(__SANITIZE_ADDRESS__)
inline void poison(const void* begin, std::size_t bytes) { __asan_poison_memory_region(begin, bytes); }
inline void unpoison(const void* begin, std::size_t bytes) { __asan_unpoison_memory_region(begin, bytes); }
#else
inline void poison(const void*, std::size_t) {}
inline void unpoison(const void*, std::size_t) {}
#endif

/// What a sanitizer has to know of a stack while it is not the one in use.
struct StackRecord {
  const void* bottom = nullptr;
  std::size_t bytes = 0;
  void* state = nullptr;  ///< address sanitizer: its fake stack; thread sanitizer: its fiber
};

#if defined(__SANITIZE_ADDRESS__)
inline void before_switch(StackRecord* from, const StackRecord& to) {
  __sanitizer_start_switch_fiber(from ? &from->state : nullptr, to.bottom, to.bytes);
}
inline void after_switch(const StackRecord& to, StackRecord* from) {
  __sanitizer_finish_switch_fiber(to.state, from ? &from->bottom : nullptr, from ? &from->bytes : nullptr);
}
#elif defined(__SANITIZE_THREAD__)
inline void before_switch(StackRecord*, const StackRecord& to) { __tsan_switch_to_fiber(to.state, 0); }
inline void after_switch(const StackRecord&, StackRecord*) {}
#else
inline void before_switch(StackRecord*, const StackRecord&) {}
inline void after_switch(const StackRecord&, StackRecord*) {}
#endif

#if defined(__SANITIZE_THREAD__)
inline void* create_fiber() { return __tsan_create_fiber(0); }
inline void destroy_fiber(void* fiber) { __tsan_destroy_fiber(fiber); }
inline void* current_fiber() { return __tsan_get_current_fiber(); }
#else
inline void* create_fiber() { return nullptr; }
inline void destroy_fiber(void*) {}
inline void* current_fiber() { return nullptr; }
#endif

}  // namespace nib::cuda_on_host::sanitizers
