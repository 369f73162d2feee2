// Any bytes, taken as a sweep's plan.json: refused with an Error, or a plan that is the same after it was written and
// read again, whose runs have folders of their own below the sweep's.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "runs/sweep_plan.h"

namespace {

void check(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::optional<nib::SweepPlan> plan;
  try {
    plan = nib::parse_plan({reinterpret_cast<const char*>(data), size}, "input");
  } catch (const nib::Error& error) {
    check(error.code() == nib::ExitCode::bad_input);
    return 0;
  }
  constexpr std::size_t most_looked_at = 100;
  for (std::size_t run = 0; run < std::min(plan->runs(), most_looked_at); ++run) {
    const std::string folder = plan->run_folder(run);
    check(!folder.empty() && folder.front() != '.' && folder.find('/') == std::string::npos);
    for (const std::string& word : plan->words(run)) check(word.starts_with("--"));
  }
  const std::string text = nib::json_text(to_json(*plan));
  check(nib::json_text(to_json(nib::parse_plan(text, "input"))) == text);
  return 0;
}
