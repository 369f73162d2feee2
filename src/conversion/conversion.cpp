#include "conversion/conversion.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/made_folders.h"
#include "base/new_file.h"
#include "base/new_folder.h"
#include "base/signals.h"
#include "base/text.h"
#include "conversion/csv_text.h"
#include "conversion/npz_file.h"
#include "conversion/old_set.h"
#include "conversion/picture_files.h"
#include "data/class_names.h"
#include "data/file_names.h"
#include "data/known_sets.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 2> part_names = {"train", "test"};

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
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

  Written finish(const fs::path& out, OutFormat format, OldSet old) {
    if (requested_stop() != 0) return written_;
    check_place(out, format, old);
    if (old == OldSet::replace)
      folder_.put_in_place();
    else if (!folder_.put_in_free_place())
      throw exists_already(out);
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

Written write_folder(const DataCollection& set, const fs::path& out, OutFormat format, OldSet old) {
  SetFolder folder(out);
  add_part(set.training, 0, format, folder);
  add_part(set.test, 1, format, folder);
  const std::vector<std::string>& names = (set.training.size() > 0 ? set.training : set.test).class_names;
  if (names != numbered_class_names(names.size())) {
    std::string text;
    for (const std::string& name : names) text += name + '\n';
    folder.add(std::string(class_names_file), {bytes_of(text)});
  }
  return folder.finish(out, format, old);
}

void make_folder(const fs::path& folder, MadeFolders& made) {
  if (folder.empty()) return;
  if (const int error = made.make(folder); error != 0 && error != EEXIST)
    throw io_error({.file = folder.string(), .problem = "cannot make the folder: " + system_message(error)});
}

Written write_file(const DataCollection& set, const fs::path& out, OutFormat format, OldSet old) {
  if (requested_stop() != 0) return {};
  const bool csv = format == OutFormat::csv;
  const std::string text = csv ? csv_text(set.training.size() > 0 ? set.training : set.test) : "";
  const std::vector<std::uint8_t> archive = csv ? std::vector<std::uint8_t>{} : npz_file(set, out.string());
  const std::span<const std::uint8_t> bytes = csv ? bytes_of(text) : archive;
  check_place(out, format, old);
  MadeFolders above;
  make_folder(out.parent_path(), above);
  try {
    if (old == OldSet::replace)
      write_file_atomically(out, bytes);
    else if (!write_new_file(out, bytes))
      throw exists_already(out);
  } catch (const Error&) {
    above.take_back();
    throw;
  }
  return {.files = 1, .bytes = bytes.size()};
}

}  // namespace

Written write_set(const DataCollection& set, const fs::path& out, OutFormat format, OldSet old) {
  check_fits(set, format, out);
  return is_file(format, out) ? write_file(set, out, format, old) : write_folder(set, out, format, old);
}

}  // namespace nib
