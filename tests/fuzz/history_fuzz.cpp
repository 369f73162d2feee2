// Any bytes, taken as history.csv and as history.json: refused with an Error, or a table that says what the history
// does.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.h"
#include "training/history.h"
#include "training/history_check.h"

namespace {

void check(bool condition) {
  if (!condition) std::abort();
}

using Check = void (*)(std::string_view, const std::string&, const nib::History&);

bool passes(Check check_text, std::string_view text, const nib::History& history) {
  const std::string name = "input";
  try {
    check_text(text, name, history);
    return true;
  } catch (const nib::Error& error) {
    check(error.code() == nib::ExitCode::bad_input);
    return false;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  nib::History history = {{.epoch = 1, .loss = 0.5, .accuracy = 0.75, .seconds = 2},
                          {.epoch = 2, .loss = 0.25, .accuracy = 0.875, .seconds = 1.5}};
  const bool plain = passes(nib::check_history_csv, text, history);
  check(passes(nib::check_history_csv, nib::history_csv(history), history));
  check(passes(nib::check_history_json, nib::history_json(history), history));
  passes(nib::check_history_json, text, history);
  history[1].loss = 0.125;  // another history cannot be the same
  check(!plain || !passes(nib::check_history_csv, text, history));
  return 0;
}
