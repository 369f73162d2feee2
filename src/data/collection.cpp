#include "data/collection.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "data/class_names.h"
#include "data/label_checks.h"

namespace nib {
namespace {

std::string name_of(const LoadedFile& loaded) { return loaded.file.path.filename().string(); }

/// What it is called beside another one, which may be of the same file.
std::string name_beside(const LoadedFile& loaded, const LoadedFile& other) {
  return loaded.file.path == other.file.path ? std::string(file_roles[loaded.role].stem) : printable(name_of(loaded));
}

void check_pair(const LoadedFile& images, const LoadedFile& labels) {
  if (images.header.count == labels.header.count) return;
  throw input_error({.file = labels.file.path.string(),
                     .field = std::string(idx_count_field),
                     .problem = fmt::format("not one label for each image of {}", name_beside(images, labels)),
                     .expected = with_commas(images.header.count),
                     .got = with_commas(labels.header.count)});
}

void check_same_size(const LoadedFile& training, const LoadedFile& test) {
  const auto check = [&](std::uint32_t expected, std::uint32_t got, std::string_view field) {
    if (expected == got) return;
    throw input_error({.file = test.file.path.string(),
                       .field = std::string(field),
                       .problem = fmt::format("images are not as large as those of {}", name_beside(training, test)),
                       .expected = std::to_string(expected),
                       .got = std::to_string(got)});
  };
  check(training.header.rows, test.header.rows, idx_rows_field);
  check(training.header.columns, test.header.columns, idx_columns_field);
}

/// The known set that all files belong to, or null; a warning for each file that stands out among files of one.
const KnownSet* recognise(const std::vector<LoadedFile>& files, std::vector<std::string>& warnings) {
  for (const KnownSet& set : known_sets()) {
    std::vector<const LoadedFile*> strangers;
    for (const LoadedFile& loaded : files)
      if (loaded.file.raw_sha256 != set.sha256[loaded.role]) strangers.push_back(&loaded);
    if (strangers.empty()) return &set;
    if (strangers.size() == files.size()) continue;
    for (const LoadedFile* stranger : strangers)
      warnings.push_back(fmt::format("{}: is not the file of {}, though others beside it are",
                                     printable(stranger->file.path.string()), set.title));
  }
  return nullptr;
}

/// Names from labels.txt, else those of the known set, else the format's own, else as many numbers as the
/// labels need.
std::vector<std::string> class_names_for(const Place& place, const KnownSet* set, const LoadedSet& loaded_set) {
  std::error_code ignored;
  if (std::filesystem::is_directory(place.folder, ignored))
    if (auto names = read_class_names(place.folder)) return *std::move(names);
  if (set != nullptr) return set->class_names;
  if (!loaded_set.class_names.empty()) return loaded_set.class_names;
  constexpr std::size_t fewest = 2;
  std::size_t classes = 0;  // of a set without labels
  for (const LoadedFile& loaded : loaded_set.files)
    if (loaded.header.kind == IdxKind::labels)
      classes = std::max({classes, fewest, std::size_t{*std::ranges::max_element(loaded.values)} + 1});
  return numbered_class_names(classes);
}

/// `labels` is null where there are none.
Dataset make_dataset(LoadedFile& images, LoadedFile* labels, const std::vector<std::string>& class_names) {
  if (labels != nullptr) {
    check_pair(images, *labels);
    check_labels(labels->values, labels->file, class_names.size(),
                 fmt::format("there are {} classes only", class_names.size()));
  }
  return {.rows = images.header.rows,
          .columns = images.header.columns,
          .class_names = class_names,
          .pixels = std::move(images.values),
          .labels = labels != nullptr ? std::move(labels->values) : std::vector<std::uint8_t>{}};
}

void warn_when_swapped(const LoadedFile& training, const LoadedFile& test, std::vector<std::string>& warnings) {
  if (training.header.count >= test.header.count) return;
  warnings.push_back(fmt::format("{} has fewer images ({}) than {} ({}): are training and test files swapped?",
                                 printable(training.file.path.string()), with_commas(training.header.count),
                                 printable(name_of(test)), with_commas(test.header.count)));
}

/// Such a set has a class 0 all the same.
void warn_when_labels_begin_at_1(const std::vector<LoadedFile>& files, std::vector<std::string>& warnings) {
  std::vector<std::uint8_t> labels;
  for (const LoadedFile& loaded : files)
    if (loaded.header.kind == IdxKind::labels) std::ranges::copy(loaded.values, std::back_inserter(labels));
  if (begin_at_1(labels))
    warnings.push_back(fmt::format("the labels begin at 1 (1 to {}): class 0 has no image", std::ranges::max(labels)));
}

}  // namespace

std::string unknown_set_of(std::string_view format) { return fmt::format("unknown {} set", format); }

void check_known_file(const KnownSet& set, const LoadedFile& loaded) {
  const DataFile& file = loaded.file;
  if (file.raw_sha256 == set.sha256[loaded.role]) return;
  const std::string other = describe_known_file(file.raw_sha256);
  throw input_error({.file = file.path.string(),
                     .field = file.gzipped ? "SHA-256 of the inflated bytes" : "SHA-256",
                     .problem = fmt::format("not the {} of {}", file_roles[loaded.role].stem, set.title),
                     .expected = std::string(set.sha256[loaded.role]),
                     .got = file.raw_sha256 + (other.empty() ? "" : ", which is " + other),
                     .hint = "give the folder itself as " + setting("data") + " to use it as it is"});
}

DataCollection assemble(const Place& place, LoadedSet set) {
  DataCollection collection;
  collection.folder = place.folder;
  collection.found = std::move(set.found);
  collection.pictures = set.format == picture_format;
  if (!place.warning.empty()) collection.warnings.push_back(place.warning);
  std::array<LoadedFile*, file_roles.size()> of_role{};
  for (LoadedFile& loaded : set.files) {
    if (place.asked_for != nullptr) check_known_file(*place.asked_for, loaded);
    collection.files.push_back(loaded.file);
    std::ranges::move(loaded.warnings, std::back_inserter(collection.warnings));
    of_role[loaded.role] = &loaded;
  }
  std::ranges::move(set.warnings, std::back_inserter(collection.warnings));
  const KnownSet* known = recognise(set.files, collection.warnings);
  collection.name = known != nullptr ? known->name : unknown_set_name;
  collection.title = known != nullptr ? std::string(known->title) : unknown_set_of(set.format);

  const std::vector<std::string> class_names = class_names_for(place, known, set);
  warn_when_labels_begin_at_1(set.files, collection.warnings);
  const auto [training_images, training_labels, test_images, test_labels] = of_role;
  if (training_images != nullptr && test_images != nullptr) {
    check_same_size(*training_images, *test_images);
    warn_when_swapped(*training_images, *test_images, collection.warnings);
  }
  if (training_images != nullptr) collection.training = make_dataset(*training_images, training_labels, class_names);
  if (test_images != nullptr) {
    collection.test = make_dataset(*test_images, test_labels, class_names);
  } else {
    collection.test.rows = training_images->header.rows;
    collection.test.columns = training_images->header.columns;
    collection.test.class_names = class_names;
    if (collection.found.empty()) collection.found = "no test part";
  }
  return collection;
}

}  // namespace nib
