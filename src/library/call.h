#pragma once

#include <string>
#include <string_view>

#include "base/notes.h"
#include "nib/nib.h"

namespace nib::library {

/// Thrown where the caller's own progress function asked for a stop.
struct Stopped {
  std::string where;  ///< "epoch 2, step 7 of 422"
};

/// A call of one of nib.h's functions, for what only they check.
class Call {
 public:
  explicit Call(const char* function) : function_(function) {}
  /// Throws Error (usage) where a parameter is NULL.
  void needs(const void* given, const char* parameter) const;
  /// The same of a text, which must not be empty either.
  std::string text(const char* given, const char* parameter) const;
  [[noreturn]] void refuse(const char* parameter, const std::string& problem, const std::string& expected,
                           const std::string& got, const std::string& hint = "") const;

 private:
  const char* function_;
};

/// Keeps what the exception that is being handled tells, for nib_last_error(), and returns its status.
nib_status remember_failure() noexcept;

/// Does the work of a function of nib.h; no exception leaves it.
template <typename Work>
nib_status guarded(const char* function, Work work) noexcept {
  try {
    work(Call(function));
    return NIB_OK;
  } catch (...) {
    return remember_failure();
  }
}

/// The same for a function that returns what it is asked, or else `otherwise`.
template <typename Value, typename Work>
Value answered(const char* function, Value otherwise, Work work) noexcept {
  guarded(function, [&](const Call& call) { otherwise = work(call); });
  return otherwise;
}

/// Keeps the warnings of the rooms, a line each.
class Warnings : public Notes {
 public:
  void say(std::string_view) override {}
  void warn(std::string_view line) override;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace nib::library
