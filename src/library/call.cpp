#include "library/call.h"

#include <algorithm>
#include <array>
#include <exception>
#include <new>

#include "base/error.h"
#include "base/text.h"

namespace nib::library {
namespace {

/// Of one thread: what nib_last_error() and nib_last_hint() return.
struct Failure {
  std::string line, hint;
  bool out_of_memory = false;  ///< also for a text of its own
};
thread_local Failure last;

/// What the library lets its caller set is called so in nib.h, too; the rest only the program can do.
std::string own_name(std::string_view setting) {
  constexpr std::array known{"data",   "limit",   "network",   "weights",       "epochs",           "batch",
                             "device", "threads", "optimizer", "learning rate", "validation split", "seed"};
  std::string name(setting);
  if (std::ranges::find(known, setting) != known.end()) return name;
  std::ranges::replace(name, ' ', '-');
  return "the program's --" + name;
}

nib_status remember(nib_status status, std::string line, std::string hint = {}) {
  last = {.line = std::move(line), .hint = std::move(hint)};
  return status;
}

nib_status remember_thrown() {
  try {
    throw;
  } catch (const Stopped& stop) {
    return remember(NIB_STOPPED, "training: stopped by the progress function in " + stop.where);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& thrown) {
    const Error error = error_of(thrown);
    return remember(static_cast<nib_status>(error.code()), problem_line(error.problem(), own_name),
                    printable(name_settings(error.problem().hint, own_name)));
  }
}

}  // namespace

nib_status remember_failure() noexcept {
  try {
    return remember_thrown();
  } catch (const std::bad_alloc&) {
    last.out_of_memory = true;
    return NIB_IO;
  } catch (...) {
    last.out_of_memory = false;
    last.line = "unknown error";  // short enough to need no memory
    last.hint.clear();
    return NIB_BUG;
  }
}

void Call::needs(const void* given, const char* parameter) const {
  if (given == nullptr) throw usage_error({.file = function_, .field = parameter, .problem = "is NULL"});
}

std::string Call::text(const char* given, const char* parameter) const {
  needs(given, parameter);
  if (*given == '\0') throw usage_error({.file = function_, .field = parameter, .problem = "is an empty text"});
  return given;
}

void Call::refuse(const char* parameter, const std::string& problem, const std::string& expected,
                  const std::string& got, const std::string& hint) const {
  throw usage_error(
      {.file = function_, .field = parameter, .problem = problem, .expected = expected, .got = got, .hint = hint});
}

void Warnings::warn(std::string_view line) { text_ += name_settings(line, own_name) + '\n'; }

}  // namespace nib::library

const char* nib_last_error(void) {
  using nib::library::last;
  return last.out_of_memory ? "out of memory" : last.line.c_str();
}

const char* nib_last_hint(void) {
  using nib::library::last;
  return last.out_of_memory ? "" : last.hint.c_str();
}
