#include "data/numpy_set.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "data/folder_entries.h"
#include "data/known_sets.h"
#include "data/numpy_values.h"
#include "encodings/file_kind.h"
#include "encodings/npy.h"
#include "encodings/zip.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t largest_numpy_file = std::uint64_t{4} << 30;  // bytes
constexpr std::string_view array_ending = ".npy", archive_ending = ".npz";

bool contains(const std::string& text, std::string_view word) { return text.find(word) != std::string::npos; }

bool is_one_of(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

bool tells_test(const std::string& word) {
  return word.starts_with("test") || contains(word, "t10k") || is_one_of(word, {"te", "xtest", "ytest"});
}

bool tells_training(const std::string& word) {
  return word.starts_with("train") || is_one_of(word, {"tr", "xtrain", "ytrain"});
}

bool tells_validation(const std::string& word) {
  return word.starts_with("valid") || is_one_of(word, {"val", "dev", "xval", "yval"});
}

bool of_validation(const std::string& array) { return std::ranges::any_of(words_in(array), tells_validation); }

/// Index into file_roles by an array's name; nullopt where it tells none, as that of x_mean, a figure.
std::optional<std::size_t> role_of(const std::string& array) {
  bool test = false, part = false, images = false, labels = false, others = false;
  for (const std::string& word : words_in(array)) {
    test = test || tells_test(word);
    const bool is_part = tells_test(word) || tells_training(word) || tells_validation(word);
    const bool is_images = is_one_of(word, {"x", "xtrain", "xtest", "xval", "data"});
    const bool is_labels = is_one_of(word, {"y", "ytrain", "ytest", "yval"});
    part = part || is_part;
    images = images || is_images;
    labels = labels || is_labels;
    others = others || !(is_part || is_images || is_labels);
  }
  const std::string name = lower_case(array);
  const std::size_t first = test ? 2 : 0;
  if (contains(name, "label") || contains(name, "target")) return first + 1;
  if (contains(name, "image") || contains(name, "img")) return first;
  if (others && !part) return std::nullopt;
  if (labels) return first + 1;
  return images ? std::optional(first) : std::nullopt;
}

std::string without_ending(const std::string& name) {
  return name.ends_with(array_ending) || name.ends_with(archive_ending) ? name.substr(0, name.size() - 4) : name;
}

std::vector<fs::path> numpy_files(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) return {path};
  std::vector<fs::path> files;
  for (const std::string& name : names_in(path, Entries::files)) {
    const std::string lower = lower_case(name);
    if (lower.ends_with(archive_ending) || (lower.ends_with(array_ending) && role_of(without_ending(name))))
      files.push_back(path / name);
  }
  return files;
}

/// Whatever a ZIP archive is called: its first file is an array.
bool begins_with_array(const std::vector<std::uint8_t>& beginning) {
  constexpr std::size_t name_bytes = 26, name = 30;  // in a local file header, as in the ZIP specification, 4.3.7
  if (beginning.size() < name) return false;
  const std::size_t end = name + beginning[name_bytes] + 256u * beginning[name_bytes + 1];
  return end <= beginning.size() &&
         std::string(beginning.begin() + name, beginning.begin() + static_cast<std::ptrdiff_t>(end))
             .ends_with(array_ending);
}

/// Collects the arrays that have a role from files.
class Arrays {
 public:
  void add_file(const fs::path& path) {
    const std::vector<std::uint8_t> bytes = read_file(path, largest_numpy_file);
    const std::string stem = without_ending(path.filename().string());
    if (is_npy(bytes)) return add(path, stem, path.string(), [&] { return parse_npy(bytes, path.string()); });
    const std::vector<ZipEntry> entries = zip_entries(bytes, path.string());
    for (const ZipEntry& entry : entries) {
      const std::string inner = without_ending(entry.name);
      const std::string source = path.string() + ": " + inner;
      add(path, entries.size() == 1 && inner == "arr_0" ? stem : inner, source, [&] {
        std::vector<std::uint8_t> unpacked;
        return parse_npy(zip_content(entry, largest_numpy_file, path.string(), unpacked), source);
      });
    }
  }

  LoadedSet finish(const fs::path& path) {
    if (!loaded_.contains(0) && !loaded_.contains(2))
      throw input_error({.file = path.string(),
                         .problem = "no array of images by its name",
                         .expected = "x_train, y_train, x_test and y_test",
                         .got = names_.empty() ? "no array" : printable(join_words(names_), 200),
                         .hint = "numpy.savez(\"set.npz\", x_train=images, y_train=labels) gives such names"});
    LoadedSet set{.files = {}, .found = "NumPy arrays", .class_names = {}, .warnings = std::move(warnings_)};
    for (const std::size_t part : {0, 2}) {
      const auto images = loaded_.find(part);
      if (images == loaded_.end()) continue;
      set.found += fmt::format(", {} {} images{}", with_commas(images->second.header.count),
                               part == 0 ? "training" : "test", loaded_.contains(part + 1) ? "" : " without labels");
    }
    check_axes(path);
    if (!loaded_.contains(2)) set.found += ", no test part";
    if (scaled_) set.found += ", 0 to 1 made 0 to 255";
    for (auto& [role, loaded] : loaded_) set.files.push_back(std::move(loaded));
    return set;
  }

 private:
  template <typename Read>
  void add(const fs::path& path, const std::string& name, const std::string& source, const Read& read) {
    names_.push_back(name);
    const std::optional<std::size_t> role = role_of(name);
    if (role && of_validation(name)) {
      warnings_.push_back(fmt::format("{}: the validation part is left out", printable(source)));
      return;
    }
    if (!role) return;
    if (loaded_.contains(*role))
      throw input_error({.file = source, .problem = fmt::format("a second array of {}", file_roles[*role].stem)});
    NpyArray array = read();
    const IdxHeader header = header_of(array, file_roles[*role].kind, source);
    std::vector<std::uint8_t> values;
    if (header.kind == IdxKind::images) {
      ByteValues pixels = pixels_of(std::move(array), source);
      scaled_ = scaled_ || pixels.scaled;
      values = std::move(pixels.values);
    } else {
      values = labels_of(std::move(array), source);
    }
    loaded_.emplace(*role, other_file(*role, path, header, std::move(values)));
  }

  /// MATLAB's arrays have the images in their last axis.
  void check_axes(const fs::path& path) const {
    for (const std::size_t part : {0, 2}) {
      const auto images = loaded_.find(part), labels = loaded_.find(part + 1);
      if (images == loaded_.end() || labels == loaded_.end()) continue;
      const std::uint32_t count = labels->second.header.count;
      if (count != images->second.header.count && count == images->second.header.columns)
        throw in_last_axis(path.string(), std::string(file_roles[part].stem), count);
    }
  }

  static Error in_last_axis(const std::string& source, const std::string& field, std::uint32_t count) {
    return input_error({.file = source,
                        .field = field,
                        .problem = "the images are in the last axis",
                        .expected = "(images, rows, columns)",
                        .got = fmt::format("(rows, columns, {} images)", with_commas(count)),
                        .hint = "numpy.moveaxis(images, -1, 0) puts them in the first"});
  }

  static IdxHeader header_of(const NpyArray& array, IdxKind kind, const std::string& source) {
    std::vector<std::uint32_t> shape = array.shape;
    const auto refuse = [&](const char* expected, const char* hint) -> Error {
      return input_error({.file = source,
                          .field = "shape",
                          .problem = kind == IdxKind::images ? "no images of one channel" : "not one label an image",
                          .expected = expected,
                          .got = fmt::format("({})", fmt::join(array.shape, ", ")),
                          .hint = hint});
    };
    if (kind == IdxKind::labels) {
      if (shape.size() == 2 && shape[1] == 1) shape.pop_back();
      const bool by_class = shape.size() == 2 && shape[1] > 1 && shape[0] > 1;
      if (shape.size() != 1)
        throw refuse("(images) or (images, 1)",
                     by_class ? "numpy.argmax(labels, axis=1) makes labels of a column for each class" : "");
      return {.kind = kind, .count = checked(shape[0], largest_idx_count, source)};
    }
    if (shape.size() == 4 && shape[3] == 1) shape.pop_back();
    if (shape.size() == 4 && shape[1] == 1) shape.erase(shape.begin() + 1);
    if (shape.size() == 2) {
      const auto side = static_cast<std::uint32_t>(std::lround(std::sqrt(shape[1])));
      if (side * side == shape[1]) shape = {shape[0], side, side};
    }
    const bool coloured = shape.size() == 4 && std::ranges::count(shape, 3u) > 0;
    if (shape.size() != 3)
      throw refuse("(images, rows, columns)", coloured ? "make the images grey first, one channel of three" : "");
    if (shape[0] == shape[1] && shape[2] > largest_idx_side) throw in_last_axis(source, "shape", shape[2]);
    return {.kind = kind,
            .count = checked(shape[0], largest_idx_count, source),
            .rows = checked(shape[1], largest_idx_side, source),
            .columns = checked(shape[2], largest_idx_side, source)};
  }

  static std::uint32_t checked(std::uint32_t size, std::uint32_t most, const std::string& source) {
    if (size >= 1 && size <= most) return size;
    throw input_error({.file = source,
                       .field = "shape",
                       .problem = size == 0 ? "must not be zero" : "too large",
                       .expected = "1 to " + with_commas(most),
                       .got = with_commas(size)});
  }

  std::map<std::size_t, LoadedFile> loaded_;  // by role
  std::vector<std::string> names_, warnings_;
  bool scaled_ = false;
};

}  // namespace

bool holds_numpy_set(const fs::path& path) {
  const std::vector<fs::path> files = numpy_files(path);
  return std::ranges::any_of(files, [&](const fs::path& file) {
    const std::vector<std::uint8_t> beginning = beginning_of(file, file_kind_bytes);
    const FileKind kind = file_kind(beginning);
    return kind == FileKind::numpy ||
           (kind == FileKind::zip &&
            (begins_with_array(beginning) || lower_case(file.filename().string()).ends_with(archive_ending)));
  });
}

LoadedSet read_numpy_set(const fs::path& path, const Reading&) {
  Arrays arrays;
  for (const fs::path& file : numpy_files(path)) arrays.add_file(file);
  return arrays.finish(path);
}

}  // namespace nib
