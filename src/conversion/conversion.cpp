#include "conversion/conversion.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/new_folder.h"
#include "base/signals.h"
#include "base/text.h"
#include "conversion/csv_text.h"
#include "conversion/npz_file.h"
#include "conversion/picture_files.h"
#include "data/class_names.h"
#include "data/file_names.h"
#include "data/known_sets.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 2> part_names = {"train", "test"};
constexpr std::string_view class_names_file = "labels.txt";

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Whether a set that is written has such a file or folder in its own.
bool is_of_a_set(const std::string& name) {
  if (name == class_names_file) return true;
  for (const std::string_view part : part_names)
    if (name == part || name == std::string(part) + ".csv") return true;
  return std::ranges::any_of(file_roles, [&](const FileRole& role) {
    const std::vector<std::string> names = spellings(role);
    return std::ranges::find(names, name) != names.end();
  });
}

/// A file or folder in `folder` that is no set's, or nothing.
std::string stranger_in(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (const std::string name = entry->path().filename().string(); !is_of_a_set(name)) return name;
  return "";
}

/// Counts what goes into a folder.
class SetFolder {
 public:
  explicit SetFolder(const fs::path& out) : folder_(out) {}

  void add(const std::string& name, std::initializer_list<NewFolder::Bytes> pieces) {
    folder_.write(name, pieces);
    ++written_.files;
    for (const NewFolder::Bytes piece : pieces) written_.bytes += piece.size();
  }

  void add_pictures(const Dataset& images, std::string_view part) {
    written_.bytes += write_pictures(images, part, folder_);
    written_.files += images.size();
  }

  Written finish() {
    if (requested_stop() == 0) folder_.put_in_place();
    return written_;
  }

 private:
  NewFolder folder_;
  Written written_;
};

void add_idx_files(const Dataset& part, std::size_t first_role, SetFolder& folder) {
  const auto count = static_cast<std::uint32_t>(part.size());
  const auto add = [&](std::size_t role, const IdxHeader& header, const std::vector<std::uint8_t>& values) {
    folder.add(spellings(file_roles[role]).front(), {idx_header_bytes(header), values});
  };
  add(first_role, {.kind = IdxKind::images, .count = count, .rows = part.rows, .columns = part.columns}, part.pixels);
  add(first_role + 1, {.kind = IdxKind::labels, .count = count}, part.labels);
}

void add_part(const Dataset& part, std::size_t index, OutFormat format, SetFolder& folder) {
  if (part.size() == 0) return;
  const std::string name(part_names[index]);
  if (format == OutFormat::idx) add_idx_files(part, 2 * index, folder);
  if (format == OutFormat::csv) folder.add(name + ".csv", {bytes_of(csv_text(part))});
  if (format == OutFormat::folder) folder.add_pictures(part, name);
}

Written write_folder(const DataCollection& set, const fs::path& out, OutFormat format) {
  SetFolder folder(out);
  add_part(set.training, 0, format, folder);
  add_part(set.test, 1, format, folder);
  const std::vector<std::string>& names = (set.training.size() > 0 ? set.training : set.test).class_names;
  if (names != numbered_class_names(names.size())) {
    std::string text;
    for (const std::string& name : names) text += name + '\n';
    folder.add(std::string(class_names_file), {bytes_of(text)});
  }
  return folder.finish();
}

Written write_file(const DataCollection& set, const fs::path& out, OutFormat format) {
  if (requested_stop() != 0) return {};
  if (format == OutFormat::csv) {
    const std::string text = csv_text(set.training.size() > 0 ? set.training : set.test);
    write_file_atomically(out, text);
    return {.files = 1, .bytes = text.size()};
  }
  const std::vector<std::uint8_t> bytes = npz_file(set, out.string());
  write_file_atomically(out, bytes);
  return {.files = 1, .bytes = bytes.size()};
}

}  // namespace

void check_place(const fs::path& out, OutFormat format, OldSet old) {
  std::error_code ignored;
  const fs::file_status status = fs::status(out, ignored);
  if (!fs::exists(fs::symlink_status(out, ignored))) return;
  const bool folder = fs::is_directory(status);
  const auto refuse = [&](const std::string& problem, const std::string& hint) {
    return usage_error({.file = out.string(), .problem = problem, .hint = hint});
  };
  if (is_file(format, out) == folder)
    throw refuse(folder ? "exists and is a folder" : "exists and is no folder", "choose another name");
  if (old == OldSet::keep) throw refuse("exists", setting("force") + " replaces it");
  if (!folder) return;
  if (const std::string stranger = stranger_in(out); !stranger.empty())
    throw refuse("will not be replaced: " + printable(stranger, 200) + " in it is no file of a data set",
                 "choose another name");
}

Written write_set(const DataCollection& set, const fs::path& out, OutFormat format) {
  check_fits(set, format, out);
  return is_file(format, out) ? write_file(set, out, format) : write_folder(set, out, format);
}

}  // namespace nib
