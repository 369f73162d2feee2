#include <fmt/core.h>

#include <filesystem>
#include <system_error>

#include "base/files.h"
#include "base/text.h"
#include "data/inspection.h"
#include "data/known_sets.h"
#include "encodings/json.h"
#include "engines/cpu/instructions.h"
#include "hdf5/hdf5_file.h"
#include "images/decoding/heif.h"
#include "images/decoding/webp.h"
#include "machine/checks.h"
#include "machine/cores.h"
#include "machine/machine.h"
#include "transfer/download.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

Check check_program() { return {.subject = "program", .finding = program_versions()}; }

Check check_processor() {
  try {
    const std::string instructions(cpu::instructions_name(cpu::choose_instructions()));
    const unsigned cores = usable_cores();
    return {.subject = "processor",
            .finding = fmt::format("{}, {} usable core{}, {} instructions", processor_name(), cores,
                                   cores == 1 ? "" : "s", instructions),
            .details = {{"name", processor_name()}, {"usable_cores", cores}, {"instructions", instructions}}};
  } catch (const Error& error) {
    Check check = failed_check("processor", error);
    check.stops_training = error;
    return check;
  }
}

/// What .keras and .h5 files are read and written with.
Check check_hdf5() try {
  const std::string version = loaded_hdf5_version();
  if (version.empty())
    return {.subject = "HDF5",
            .finding = "not built in: Keras's files (.keras, .weights.h5, .h5) are not read",
            .fix = "install libhdf5-dev and build nib again, where they are wanted"};
  return {
      .subject = "HDF5", .finding = "libhdf5 " + version + ", for Keras's files", .details = {{"version", version}}};
} catch (const Error& error) {
  Check check = failed_check("HDF5", error);
  check.fix = "install libhdf5 as it was when nib was built, or build nib again";
  return check;
}

/// What pictures of two formats are decoded with.
Check check_heif() {
  const std::string library = heif_library(), fix = fix_of_heif_library();
  if (library.empty()) return {.subject = "HEIC", .finding = "no libheif: photos of phones are not read", .fix = fix};
  if (!fix.empty()) return {.subject = "HEIC", .finding = library + ", without a decoder of HEVC", .fix = fix};
  return {.subject = "HEIC", .finding = library + ", for pictures"};
}

Check check_webp() {
  const std::string library = webp_library();
  if (library.empty())
    return {.subject = "WebP", .finding = "not built in: WebP pictures are not read", .fix = fix_of_webp_library()};
  return {.subject = "WebP", .finding = library + ", for pictures"};
}

/// The first digits of each file's hash; all of them are in the JSON and in nib data verify.
std::string short_hashes(const DataReport& report) {
  constexpr std::size_t digits = 8;
  std::string text;
  for (const DataFileReport& file : report.files)
    if (file.file) text += ' ' + file.file->raw_sha256.substr(0, digits);
  return text;
}

Json files_json(const DataReport& report) {
  Json files = Json::array();
  for (const DataFileReport& file : report.files)
    if (file.file) files.push_back({{"path", file.file->path.string()}, {"raw_sha256", file.file->raw_sha256}});
  return {{"folder", report.folder.string()}, {"files", files}};
}

Check check_data(const KnownSet& set) {
  const std::string title(set.title);
  try {
    const DataReport report = inspect_data(std::string(set.name));
    const std::string folder = printable(report.folder.string());
    if (const std::size_t wrong = problem_count(report); wrong > 0)
      throw input_error(
          {.file = report.folder.string(),
           .problem = fmt::format("{}: {} of {} files are wrong", folder, wrong, report.files.size()),
           .hint = fmt::format("nib data verify {} {} tells what is wrong; {}", setting("data"), set.name, set.hint)});
    return {.subject = title,
            .finding = fmt::format("{}: {} files whole, sha256{}", folder, report.files.size(), short_hashes(report)),
            .details = files_json(report)};
  } catch (const Error& error) {
    return failed_check(title, error);
  }
}

/// The folder that nib train makes its own folders in.
Check check_disk() {
  constexpr std::uint64_t a_run = 8 << 20;  // bytes: weights, tables and temporary copies of them
  std::error_code unknown;
  const fs::path here = fs::current_path(unknown);
  try {
    probe_writable(here, a_run);
    const std::uint64_t free = fs::space(here).available;
    return {.subject = "disk",
            .finding = fmt::format("{}: {:.1f} GB free", printable(here.string()), static_cast<double>(free) / 1e9),
            .details = {{"folder", here.string()}, {"free_bytes", free}}};
  } catch (const Error& error) {
    Check check = failed_check("disk", error);
    check.finding = error.what();
    check.fix =
        "run nib in a folder that can be written to, or give nib train a folder with " + setting("output folder");
    check.stops_training = error;
    return check;
  }
}

/// What nib data fetch needs.
Check check_download() {
  const std::string library = download_library();
  if (library.empty())
    return {.subject = "libcurl",
            .finding = "not here: nib data fetch only prints addresses",
            .fix = fix_of_download_library()};
  return {.subject = "libcurl", .finding = library + ", for nib data fetch"};
}

}  // namespace

std::vector<Check> host_checks() {
  std::vector<Check> checks{check_program(), check_processor()};
  for (const KnownSet& set : known_sets()) {
    Check check = check_data(set);
    // nib train takes MNIST where it is not told otherwise.
    if (set.name == "mnist" && !check.fix.empty())
      check.stops_training = input_error({.file = "MNIST", .problem = check.finding, .hint = check.fix});
    checks.push_back(std::move(check));
  }
  checks.push_back(check_hdf5());
  checks.push_back(check_heif());
  checks.push_back(check_webp());
  checks.push_back(check_disk());
  checks.push_back(check_download());
  return checks;
}

}  // namespace nib
