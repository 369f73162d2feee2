#include "data/csv_set.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "base/threads.h"
#include "data/csv_images.h"
#include "data/folder_entries.h"
#include "encodings/file_kind.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

/// What a table's name says of it.
enum class Part { training, test, unknown };

Part part_of(const std::string& file_name) {
  const std::string name = lower_case(file_name);
  const bool training = name.find("train") != std::string::npos;
  const bool test = name.find("test") != std::string::npos || name.find("t10k") != std::string::npos;
  return training == test ? Part::unknown : training ? Part::training : Part::test;
}

/// The tables of a folder by their parts.
struct Tables {
  std::vector<fs::path> training, test, other;
};

Tables tables_in(const fs::path& folder) {
  Tables tables;
  for (const std::string& name : names_in(folder, Entries::files)) {
    if (!lower_case(name).ends_with(".csv")) continue;
    const Part part = part_of(name);
    (part == Part::unknown    ? tables.other
     : part == Part::training ? tables.training
                              : tables.test)
        .push_back(folder / name);
  }
  if (tables.training.empty() && tables.test.empty() && tables.other.size() == 1)
    std::swap(tables.training, tables.other);
  return tables;
}

/// The one file of a part, or none.
std::optional<fs::path> only(const std::vector<fs::path>& files, const fs::path& folder, std::string_view part) {
  if (files.empty()) return std::nullopt;
  if (files.size() == 1) return files.front();
  throw input_error(
      {.file = folder.string(),
       .problem = fmt::format(
           "{} could both be the {} part",
           printable(files[0].filename().string()) + " and " + printable(files[1].filename().string()), part),
       .expected = "one CSV file a part",
       .got = std::to_string(files.size()),
       .hint = "give the file itself as " + setting("data") + ", or keep each set in a folder of its own"});
}

/// A table as the files of a part: 0 is the training part, 1 the test part.
void add_part(std::size_t part, const fs::path& path, CsvImages images, std::vector<LoadedFile>& files) {
  const IdxHeader header{.kind = IdxKind::images, .count = images.count, .rows = images.side, .columns = images.side};
  const bool labelled = !images.labels.empty();
  files.push_back(other_file(2 * part, path, header, std::move(images.pixels)));
  if (!labelled) return;
  files.push_back(
      other_file(2 * part + 1, path, {.kind = IdxKind::labels, .count = header.count}, std::move(images.labels)));
}

std::string in_words(std::optional<std::uint32_t> training, std::optional<std::uint32_t> test, bool test_labelled) {
  std::string words = "CSV";
  if (training) words += fmt::format(", {} training rows", with_commas(*training));
  if (test) words += fmt::format(", {} test rows{}", with_commas(*test), test_labelled ? "" : " without labels");
  return words + (training && !test ? ", no test part" : "");
}

}  // namespace

bool holds_csv_set(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) return may_be_csv(beginning_of(path, file_kind_bytes));
  const Tables tables = tables_in(path);
  return !tables.training.empty() || !tables.test.empty();
}

LoadedSet read_csv_set(const fs::path& path, const Reading& reading) {
  std::optional<fs::path> training, test;
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    const Tables tables = tables_in(path);
    test = only(tables.test, path, "test");
    if (!test || reading.parts == DataParts::both) training = only(tables.training, path, "training");
  } else {
    (part_of(path.filename().string()) == Part::test ? test : training) = path;
  }

  std::optional<CsvImages> training_images, test_images;
  run_side_by_side(2, [&](std::size_t part) {
    if (part == 0 && training) training_images = read_csv_images(*training);
    if (part == 1 && test) test_images = read_csv_images(*test);
  });
  if (training && !test && training_images->labels.empty()) {
    std::swap(training, test);
    std::swap(training_images, test_images);
  }
  LoadedSet set;
  const auto count = [](const std::optional<CsvImages>& images) {
    return images ? std::optional(images->count) : std::nullopt;
  };
  set.found = in_words(count(training_images), count(test_images), test_images && !test_images->labels.empty());
  if (training) add_part(0, *training, *std::move(training_images), set.files);
  if (test) add_part(1, *test, *std::move(test_images), set.files);
  return set;
}

}  // namespace nib
