// Any bytes, taken as run.json: refused with an Error, or a record that is the same after it was written and read
// again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "runs/run_record.h"

namespace {

void check(bool condition) {
  if (!condition) std::abort();
}

nib::RunRecord read(std::string_view text) {
  constexpr int deepest = 16;
  const std::string name = "input";
  const nib::Json document = nib::parse_json(text, name, deepest);
  return nib::run_record(nib::JsonReader(document, name));
}

void check_sizes(const nib::RunRecord& record) {
  const std::size_t classes = record.data.class_names.size();
  for (const auto& [part, counts] : record.data.class_counts) check(counts.size() == classes);
  for (std::size_t epoch = 0; epoch < record.history.size(); ++epoch) check(record.history[epoch].epoch == epoch + 1);
  if (!record.test) return;
  check(record.test->correct <= record.test->images);
  check(record.test->confusion.empty() || record.test->confusion.size() == classes * classes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::optional<nib::RunRecord> record;
  try {
    record = read({reinterpret_cast<const char*>(data), size});
  } catch (const nib::Error& error) {
    check(error.code() == nib::ExitCode::bad_input);
    return 0;
  }
  check_sizes(*record);
  const std::string text = nib::json_text(to_json(*record));
  check(nib::json_text(to_json(read(text))) == text);
  return 0;
}
