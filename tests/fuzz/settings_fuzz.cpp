// Any bytes, taken as a settings file: refused with an Error, or settings that come back from their own text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "cli/settings_file.h"

namespace {

void check(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<nib::FileSetting> settings;
  try {
    settings = nib::read_settings({reinterpret_cast<const char*>(data), size}, "input", "train");
  } catch (const nib::Error& error) {
    check(error.code() == nib::ExitCode::bad_input);
    return 0;
  }
  for (const nib::FileSetting& setting : settings) {
    check(setting.line > 0 && setting.name.find('\n') == std::string::npos);
    std::string text;
    try {
      text = nib::settings_file_value("name", setting.value);
    } catch (const nib::Error& error) {  // a list may have both kinds of quotes
      check(error.code() == nib::ExitCode::usage);
      continue;
    }
    if (text.size() > 4000) continue;  // in a line that is too long
    const auto again = nib::read_settings("name = " + text, "again", "train");
    check(again.size() == 1 && again[0].value == setting.value);
  }
  return 0;
}
