#include "data/csv_set.h"

#include <fmt/core.h>

#include <algorithm>
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
#include "data/folder_entries.h"
#include "encodings/file_kind.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

/// What a table's name says of it.
enum class Part { training, test, unknown };

/// The words of a name, in small letters: those of "trainSet_2.csv" are train, set, 2 and csv.
std::vector<std::string> words_in(const std::string& name) {
  const auto is_capital = [](char sign) { return sign >= 'A' && sign <= 'Z'; };
  const auto is_small = [](char sign) { return (sign >= 'a' && sign <= 'z') || (sign >= '0' && sign <= '9'); };
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool begins = is_capital(name[i]) && i > 0 && is_small(name[i - 1]);
    if (begins || !(is_capital(name[i]) || is_small(name[i]))) words.emplace_back();
    if (is_capital(name[i]) || is_small(name[i])) words.back() += name[i];
  }
  for (std::string& word : words) word = lower_case(word);
  return words;
}

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

Tables tables_in(const fs::path& folder) {
  Tables tables;
  for (const std::string& name : names_in(folder, Entries::files)) {
    if (!lower_case(name).ends_with(".csv")) continue;
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
  if (!fs::is_directory(path, ignored)) return may_be_csv(beginning_of(path, file_kind_bytes));
  const Tables tables = tables_in(path);
  return !tables.training.empty() || !tables.test.empty();
}

LoadedSet read_csv_set(const fs::path& path, const Reading& reading) {
  LoadedSet set;
  std::optional<fs::path> training, test;
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) {
    const Tables tables = tables_in(path);
    test = only(tables.test, path, "test");
    if (!test || reading.parts == DataParts::both) training = only(tables.training, path, "training");
    set.warnings = warnings_of(tables);
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
  if (training) add_part(0, *training, *std::move(training_images), set.files);
  if (test) add_part(1, *test, *std::move(test_images), set.files);
  return set;
}

}  // namespace nib
