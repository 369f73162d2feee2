#include "data/csv_set.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/csv.h"
#include "base/error.h"
#include "base/files.h"
#include "base/text.h"
#include "base/threads.h"
#include "data/csv_images.h"
#include "data/emnist.h"
#include "data/folder_entries.h"
#include "data/label_checks.h"
#include "encodings/file_kind.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

/// What a table's name says of it.
enum class Part { training, test, unknown };

/// By whole words, "training" and "test2" among them: "contest.csv" and "latest.csv" are of no part.
Part part_of(const std::string& file_name) {
  bool training = false, test = false;
  for (const std::string& word : words_in(file_name)) {
    training = training || word.starts_with("train") || word.ends_with("mnisttrain");
    test = test || word.starts_with("test") || word.starts_with("t10k") || word.ends_with("mnisttest");
  }
  return training == test ? Part::unknown : training ? Part::training : Part::test;
}

/// The tables of a folder by their parts.
struct Tables {
  std::vector<fs::path> training, test, other;
  std::vector<fs::path> answers;  ///< of a part by their names, but too narrow for images
};

/// Answers as Kaggle wants them, and labels by the number of an image, have two columns.
bool is_too_narrow(const fs::path& path) {
  constexpr std::size_t enough = 3;
  const std::vector<std::uint8_t> beginning = beginning_of(path, file_kind_bytes);
  const std::string_view text(reinterpret_cast<const char*>(beginning.data()), beginning.size());
  const std::size_t end = text.find('\n');
  return end != std::string_view::npos && csv_columns(text.substr(0, end)) < enough;
}

/// Whether a table belongs to the set of that name, as emnist-letters-train.csv does to emnist-letters; or to any.
bool is_of(const std::string& name, const std::string& set) {
  return set.empty() || (name.starts_with(set) && (name[set.size()] == '-' || name[set.size()] == '_'));
}

/// Of the set of that name, or all of them.
Tables tables_in(const fs::path& folder, const std::string& set) {
  Tables tables;
  for (const std::string& name : names_in(folder, Entries::files)) {
    if (!lower_case(name).ends_with(".csv") || !is_of(name, set)) continue;
    const Part part = part_of(name);
    if (is_too_narrow(folder / name)) {
      if (part != Part::unknown) tables.answers.push_back(folder / name);
      continue;
    }
    (part == Part::unknown    ? tables.other
     : part == Part::training ? tables.training
                              : tables.test)
        .push_back(folder / name);
  }
  if (tables.training.empty() && tables.test.empty() && tables.other.size() == 1)
    std::swap(tables.training, tables.other);
  return tables;
}

/// What a folder has beside the tables that are read.
std::vector<std::string> warnings_of(const Tables& tables) {
  std::vector<std::string> warnings;
  for (const fs::path& path : tables.answers)
    warnings.push_back(printable(path.string()) + ": left out, as it has too few columns for images");
  for (const fs::path& path : tables.other)
    warnings.push_back(printable(path.string()) + ": left out, as its name says neither train nor test");
  return warnings;
}

/// The name of a table's set: what stands before its part, "emnist-letters"; else the table's own.
std::string set_of(const fs::path& table) {
  const std::string name = table.filename().string(), lower = lower_case(name);
  return name.substr(0, std::min(lower.find("-train"), lower.find("-test")));
}

/// The one file of a part, or none.
std::optional<fs::path> only(const std::vector<fs::path>& files, const fs::path& folder, std::string_view part) {
  if (files.empty()) return std::nullopt;
  if (files.size() == 1) return files.front();
  const std::string set = set_of(files.front());
  const bool named = set != set_of(files[1]) && set != files.front().filename();
  throw input_error(
      {.file = folder.string(),
       .problem = fmt::format(
           "{} could both be the {} part",
           printable(files[0].filename().string()) + " and " + printable(files[1].filename().string()), part),
       .expected = "one CSV file a part",
       .got = std::to_string(files.size()),
       .hint = named ? "name one of the sets as " + setting("data") + ", such as " +
                           printable(shell_word((folder / set).string()))
                     : "give the file itself as " + setting("data") + ", or keep each set in a folder of its own"});
}

/// EMNIST's own tables have no names of columns; others of that name, such as nib writes, are upright.
bool is_turned(const fs::path& path, const CsvImages& images) {
  return is_emnist(path.filename().string()) && !images.named;
}

/// Turns EMNIST's images upright and counts its letters from 0. `parts` may be null.
void make_plain(std::array<CsvImages*, 2> parts, LoadedSet& set) {
  std::vector<std::uint8_t> labels;
  for (CsvImages* part : parts) {
    if (part == nullptr) continue;
    turn_upright(part->pixels, part->side);
    std::ranges::copy(part->labels, std::back_inserter(labels));
  }
  set.found += turned_upright;
  if (!begin_at_1(labels)) return;
  for (CsvImages* part : parts)
    if (part != nullptr)
      for (std::uint8_t& label : part->labels) --label;
  set.found += counted_from_0;
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

std::string in_words(const std::optional<CsvImages>& training, const std::optional<CsvImages>& test) {
  std::string words = "CSV";
  const auto add = [&](const CsvImages& images, std::string_view part) {
    words += fmt::format(", {} {} rows{}{}", with_commas(images.count), part,
                         images.labels.empty() ? " without labels" : "", images.columns);
  };
  if (training) add(*training, "training");
  if (test) add(*test, "test");
  return words + (training && !test ? ", no test part" : "");
}

}  // namespace

bool holds_csv_set(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_regular_file(path, ignored)) return may_be_csv(beginning_of(path, file_kind_bytes));
  const auto [folder, name] = set_place(path);
  const Tables tables = tables_in(folder, name);
  return !tables.training.empty() || !tables.test.empty();
}

LoadedSet read_csv_set(const fs::path& path, const Reading& reading) {
  LoadedSet set;
  std::optional<fs::path> training, test;
  std::error_code ignored;
  const bool is_file = fs::is_regular_file(path, ignored);
  if (!is_file) {
    const auto [folder, name] = set_place(path);
    const Tables tables = tables_in(folder, name);
    test = only(tables.test, folder, "test");
    if (!test || reading.parts == DataParts::both) training = only(tables.training, folder, "training");
    if (name.empty()) set.warnings = warnings_of(tables);
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
  set.found = in_words(training_images, test_images);
  if (const fs::path& table = training ? *training : *test;
      is_turned(table, training ? *training_images : *test_images)) {
    make_plain({training ? &*training_images : nullptr, test ? &*test_images : nullptr}, set);
    set.class_names = mapped_names(table.parent_path(), set_of(table));
  }
  if (training) add_part(0, *training, *std::move(training_images), set.files);
  if (test) add_part(1, *test, *std::move(test_images), set.files);
  return set;
}

}  // namespace nib
