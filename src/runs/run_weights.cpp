#include "runs/run_weights.h"

#include <fmt/core.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "base/error.h"
#include "base/text.h"
#include "runs/file_names.h"
#include "runs/run_record.h"

namespace nib {
namespace {

/// Of the file of that name; empty where the record names none: the run goes on, or was stopped.
std::string recorded_hash(const RunRecord& record, const std::string& file) {
  if (file == model_file) return record.weights_sha256;
  return record.best ? record.best->weights_sha256 : "";
}

}  // namespace

void warn_of_other_weights(const WeightsFile& model, Notes& notes) {
  const std::filesystem::path file = model.file, record = file.parent_path() / record_file;
  const std::string name = file.filename().string();
  std::error_code ignored;
  if ((name != model_file && name != best_file) || !std::filesystem::is_regular_file(record, ignored)) return;
  try {
    const std::string expected = recorded_hash(read_record(file.parent_path()), name);
    if (expected.empty()) return;
    const std::string got = weights_sha256(model.parameters);
    if (got != expected)
      notes.warn(fmt::format("{}: not the weights that {} names: their SHA-256 is another (expected {}, got {})",
                             printable(file.string()), printable(record.string()), printable(expected), got));
  } catch (const Error& error) {
    notes.warn(std::string(error.what()) + "; so nothing says whether these are the weights of the run");
  }
}

}  // namespace nib
