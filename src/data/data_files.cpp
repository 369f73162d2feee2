#include "data/data_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/threads.h"
#include "data/file_names.h"
#include "data/near_names.h"
#include "data/oddities.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void missing(const fs::path& folder, const FileRole& role) {
  const std::vector<std::string> names = spellings(role);
  throw input_error({.file = folder.string(),
                     .field = std::string(role.stem),
                     .problem = "file is missing; none of these is there: " + join_words(names),
                     .hint = hint_at_near_names(folder, role)});
}

/// The same error, with a hint where another file beside the bad one is whole: a raw file that was cut while its .gz
/// was unpacked.
Error with_whole_file(const Error& error, std::span<const fs::path> present, std::size_t role) {
  for (const fs::path& other : present.subspan(1)) {
    try {
      read_data_file(other, role);
    } catch (const Error&) {
      continue;
    }
    Problem problem = error.problem();
    problem.hint = fmt::format("{} beside it is whole: remove {} to use that", printable(other.filename().string()),
                               printable(present.front().filename().string()));
    return input_error(std::move(problem));
  }
  return error;
}

/// What was chosen where there was a choice, or where the name is not the usual one.
std::vector<std::string> warnings_of_choice(std::span<const fs::path> present, const FileRole& role) {
  std::vector<std::string> warnings;
  const std::string used = printable(present.front().string());
  const std::vector<std::string> names = spellings(role);
  if (std::ranges::find(names, present.front().filename().string()) == names.end())
    warnings.push_back(fmt::format("{}: used as {}", used, role.stem));
  for (const fs::path& other : present.subspan(1))
    warnings.push_back(fmt::format("{}: used; {} is ignored", used, printable(other.filename().string())));
  return warnings;
}

}  // namespace

LoadedFile read_data_file(const fs::path& path, std::size_t role) {
  IdxContent content = decode_idx(read_file(path, largest_idx_file), file_roles[role].kind, path.string());
  LoadedFile loaded{.role = role,
                    .file = {.path = path,
                             .raw_bytes = content.bytes.size(),
                             .raw_sha256 = to_hex(sha256(content.bytes)),
                             .gzipped = content.gzipped},
                    .header = content.header,
                    .values = std::move(content.bytes),
                    .warnings = {}};
  loaded.values.erase(loaded.values.begin(), loaded.values.begin() + std::ptrdiff_t(loaded.header.header_bytes()));
  return loaded;
}

LoadedFile load_file(const fs::path& folder, std::size_t role) {
  const std::vector<fs::path> present = present_files(folder, file_roles[role]);
  if (present.empty()) missing(folder, file_roles[role]);
  try {
    LoadedFile loaded = read_data_file(present.front(), role);
    loaded.warnings = warnings_of_choice(present, file_roles[role]);
    std::ranges::move(oddities(loaded), std::back_inserter(loaded.warnings));
    return loaded;
  } catch (const Error& error) {
    if (error.code() == ExitCode::bad_input) throw with_whole_file(error, present, role);
    throw;
  }
}

std::span<const std::size_t> roles_in(const fs::path& folder) {
  constexpr std::size_t training_images = 0;
  const auto is_there = [&](std::size_t role) {
    return !present_files(folder, file_roles[role]).empty() || !near_files(folder, file_roles[role]).empty();
  };
  const bool training_alone = is_there(training_images) && std::ranges::none_of(test_roles, is_there);
  return training_alone ? training_roles : every_role;
}

std::vector<FileOutcome> load_files(const fs::path& folder, std::span<const std::size_t> roles) {
  start_hashing();
  std::vector<FileOutcome> outcomes(roles.size());
  run_side_by_side(roles.size(), [&](std::size_t index) {
    try {
      outcomes[index] = load_file(folder, roles[index]);
    } catch (const Error& error) {
      outcomes[index] = error;
    }
  });
  return outcomes;
}

}  // namespace nib
