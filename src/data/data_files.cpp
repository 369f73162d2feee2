#include "data/data_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/files.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/threads.h"
#include "data/file_names.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void missing(const fs::path& folder, const FileRole& role) {
  const std::vector<std::string> names = spellings(role);
  throw input_error({.file = folder.string(),
                     .field = std::string(role.stem),
                     .problem = "file is missing; none of these is there: " + join_words(names)});
}

/// "FILE: every label is 3" or "FILE: 2 of 60,000 images are blank", or nothing.
std::optional<std::string> oddity(const LoadedFile& loaded) {
  const std::string file = printable(loaded.file.path.string());
  const auto begin = loaded.values.begin();
  if (loaded.header.kind == IdxKind::labels) {
    const bool constant = std::all_of(begin, loaded.values.end(), [&](std::uint8_t label) { return label == *begin; });
    if (!constant) return std::nullopt;
    return fmt::format("{}: every label is {}", file, *begin);
  }
  const auto image_bytes = static_cast<std::ptrdiff_t>(loaded.header.value_bytes() / loaded.header.count);
  std::uint64_t blank = 0;
  for (auto image = begin; image != loaded.values.end(); image += image_bytes)
    if (std::all_of(image, image + image_bytes, [](std::uint8_t pixel) { return pixel == 0; })) ++blank;
  if (blank == 0) return std::nullopt;
  return fmt::format("{}: {} of {} images are blank (all zero)", file, with_commas(blank),
                     with_commas(loaded.header.count));
}

}  // namespace

LoadedFile load_file(const fs::path& folder, std::size_t role) {
  const std::vector<fs::path> present = present_files(folder, file_roles[role]);
  if (present.empty()) missing(folder, file_roles[role]);

  LoadedFile loaded;
  loaded.role = role;
  loaded.file.path = present.front();
  loaded.file.gzipped = present.front().extension() == ".gz";
  for (std::size_t other = 1; other < present.size(); ++other)
    loaded.warnings.push_back(fmt::format("{}: used; {} is ignored", printable(present.front().string()),
                                          printable(present[other].filename().string())));

  IdxContent content = decode_idx(read_file(loaded.file.path, largest_idx_file), loaded.file.gzipped,
                                  file_roles[role].kind, loaded.file.path.string());
  loaded.header = content.header;
  loaded.file.raw_bytes = content.bytes.size();
  loaded.file.raw_sha256 = to_hex(sha256(content.bytes));
  loaded.values = std::move(content.bytes);
  loaded.values.erase(loaded.values.begin(), loaded.values.begin() + std::ptrdiff_t(loaded.header.header_bytes()));
  if (const auto odd = oddity(loaded)) loaded.warnings.push_back(*odd);
  return loaded;
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
