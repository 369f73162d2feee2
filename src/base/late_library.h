#pragma once

#include <atomic>
#include <type_traits>

namespace nib {

/// A shared library that is loaded when the first of its functions is called, for as long as the process lives: so that
/// a start waits for none that it does not need.
class LateLibrary {
 public:
  /// `name` as the system's loader knows it ("libfoo.so.1"); `file`, where the build found it, is the second try.
  constexpr LateLibrary(const char* name, const char* file) : name_(name), file_(file) {}

  /// Throws Error (io) naming the library where it cannot be loaded.
  void load() { handle(); }

  /// Where a function or a variable of it lies. Throws Error (io) where it has none of this name.
  void* find(const char* symbol);

 private:
  void* handle();

  const char* name_;
  const char* file_;
  std::atomic<void*> handle_ = nullptr;
};

/// A function or a variable of a late library. In a namespace of its own it can have the name that the library's header
/// declares: calls inside look like those of a library that is linked.
template <typename Symbol>
class Late {
 public:
  constexpr Late(LateLibrary& library, const char* name) : library_(library), name_(name) {}

  /// Of a function what a call goes through, of a variable its value now.
  operator std::conditional_t<std::is_function_v<Symbol>, Symbol*, Symbol>() const {
    if constexpr (std::is_function_v<Symbol>)
      return found();
    else
      return *found();
  }

 private:
  Symbol* found() const {
    if (Symbol* const before = found_.load(std::memory_order_acquire)) return before;
    Symbol* const now = reinterpret_cast<Symbol*>(library_.find(name_));
    found_.store(now, std::memory_order_release);
    return now;
  }

  LateLibrary& library_;
  const char* name_;
  mutable std::atomic<Symbol*> found_ = nullptr;
};

}  // namespace nib
