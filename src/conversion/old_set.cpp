#include "conversion/old_set.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "conversion/out_format.h"
#include "data/class_names.h"
#include "data/file_names.h"
#include "data/idx.h"
#include "data/known_sets.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

/// The first entry of a folder that is not as it should be, as a path from the folder, or nothing.
fs::path first_stranger(const fs::path& folder, const std::function<fs::path(const fs::directory_entry&)>& stranger) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (fs::path found = stranger(*entry); !found.empty()) return found;
  return error ? fs::path(".") : fs::path();
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(fs::symlink_status(path, ignored));
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(fs::symlink_status(path, ignored));
}

bool is_picture(const fs::path& path) {
  const std::string number = path.stem().string();
  return path.extension() == ".png" && number.size() >= 5 && parse_unsigned(number) && is_file(path);
}

bool is_class(const fs::path& path) {
  const std::optional<std::uint64_t> label = parse_unsigned(path.filename().string());
  return label && *label <= 255 && is_folder(path);
}

fs::path stranger_in_part(const fs::path& part) {
  return first_stranger(part, [](const fs::directory_entry& folder) {
    const fs::path name = folder.path().filename();
    if (!is_class(folder)) return name;
    const fs::path stranger = first_stranger(folder, [](const fs::directory_entry& picture) {
      return is_picture(picture) ? fs::path() : picture.path().filename();
    });
    return stranger.empty() ? fs::path() : name / stranger;
  });
}

bool begins_with(const fs::path& path, std::string_view text) {
  const std::vector<std::uint8_t> bytes = beginning_of(path, text.size());
  return std::ranges::equal(bytes, text, {}, {}, [](char sign) { return static_cast<std::uint8_t>(sign); });
}

bool is_table(const fs::path& path) {
  return is_file(path) && (begins_with(path, "label,pixel0,pixel1,") || begins_with(path, "pixel0,pixel1,"));
}

bool is_idx_file(const fs::path& path, const FileRole& role) {
  const std::string_view begin{role.kind == IdxKind::images ? "\0\0\x08\x03" : "\0\0\x08\x01", 4};
  return is_file(path) && begins_with(path, begin);
}

/// The format that an entry of a set's folder is of.
std::optional<OutFormat> format_by_name(const std::string& name) {
  if (name == "train" || name == "test") return OutFormat::folder;
  if (name == "train.csv" || name == "test.csv") return OutFormat::csv;
  const bool idx =
      std::ranges::any_of(file_roles, [&](const FileRole& role) { return name == spellings(role).front(); });
  return idx ? std::optional(OutFormat::idx) : std::nullopt;
}

/// What is strange in an entry that has a format's name.
fs::path stranger_in_entry(const fs::path& entry, OutFormat format) {
  const fs::path name = entry.filename();
  if (format == OutFormat::folder) {
    if (!is_folder(entry)) return name;
    const fs::path stranger = stranger_in_part(entry);
    return stranger.empty() ? fs::path() : name / stranger;
  }
  const bool is_one =
      format == OutFormat::csv ? is_table(entry) : std::ranges::any_of(file_roles, [&](const FileRole& role) {
        return name == spellings(role).front() && is_idx_file(entry, role);
      });
  return is_one ? fs::path() : name;
}

bool names_classes(const fs::path& folder) {
  try {
    return is_file(folder / class_names_file) && read_class_names(folder).has_value();
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::string stranger_in(const fs::path& folder) {
  std::optional<OutFormat> format;
  bool has_names = false;
  const fs::path stranger = first_stranger(folder, [&](const fs::directory_entry& entry) {
    const fs::path name = entry.path().filename();
    if (name == class_names_file) {
      has_names = true;
      return names_classes(folder) ? fs::path() : name;
    }
    const std::optional<OutFormat> own = format_by_name(name.string());
    if (!own || (format && format != own)) return name;
    format = own;
    return stranger_in_entry(entry, *own);
  });
  if (stranger.empty() && has_names && !format) return std::string(class_names_file);
  return stranger.string();
}

}  // namespace nib
