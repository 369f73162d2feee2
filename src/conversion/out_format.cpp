#include "conversion/out_format.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "data/folder_entries.h"

namespace nib {
namespace {

constexpr std::array<std::string_view, 4> names = {"idx", "npz", "csv", "folder"};
constexpr std::string_view npz_ending = ".npz", csv_ending = ".csv";

/// Of other formats for data: nobody calls a folder so.
constexpr std::array<std::string_view, 33> other_endings = {
    ".npy", ".h5",  ".hdf5", ".parquet", ".feather", ".arrow", ".tfrecord", ".tfrecords", ".pkl", ".pickle", ".pt",
    ".pth", ".mat", ".tsv",  ".txt",     ".json",    ".jsonl", ".arff",     ".xlsx",      ".gz",  ".tgz",    ".bz2",
    ".xz",  ".zst", ".zip",  ".tar",     ".7z",      ".rar",   ".png",      ".jpg",       ".bmp", ".gif",    ".webp"};

std::string lower_case_name(const std::filesystem::path& path) { return lower_case(path.filename().string()); }

bool ends_with(const std::filesystem::path& path, std::string_view ending) {
  return lower_case_name(path).ends_with(ending);
}

void check_ending(const std::filesystem::path& out) {
  if (out == "-")
    throw usage_error({.file = "-",
                       .problem = "a data set is not written to the standard output",
                       .expected = "NAME.npz, NAME.csv, or a folder"});
  for (const std::string_view ending : other_endings)
    if (ends_with(out, ending))
      throw usage_error({.file = out.string(),
                         .problem = fmt::format("nib writes no data set in the format of {} files", ending),
                         .expected = "NAME.npz, NAME.csv, or a folder",
                         .hint = setting("to") + " idx, csv or folder makes a folder of that name"});
}

/// A file's name decides which part of a set it is read as.
void check_csv_name(const DataCollection& set, const std::filesystem::path& out) {
  const bool training = set.training.size() > 0;
  if (training ? set.training.labels.empty() : set.test.labels.empty()) return;  // read as a test part, whatever it is
  const std::string name = lower_case_name(out);
  bool says_test = false;
  for (std::string_view rest = name; !rest.empty() && !says_test;) {
    const std::size_t end = std::min(rest.find_first_of("_-. "), rest.size());
    says_test = rest.substr(0, end) == "test" || rest.substr(0, end) == "t10k";
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const bool holds_train = name.find("train") != std::string::npos;
  const bool holds_test = name.find("test") != std::string::npos || name.find("t10k") != std::string::npos;
  if (training ? holds_test : !says_test || holds_train)
    throw usage_error(
        {.file = out.string(),
         .problem = fmt::format("under this name the {} part would not be read as one", training ? "training" : "test"),
         .expected = training ? "a name like train.csv" : "a name like test.csv"});
}

OutFormat by_name(const std::string& wish) {
  const auto* const found = std::ranges::find(names, wish);
  if (found == names.end())
    throw usage_error(
        {.setting = "to", .problem = "no such format", .expected = out_format_names, .got = printable(wish, 100)});
  return static_cast<OutFormat>(found - names.begin());
}

void check_part(const Dataset& part, std::string_view name, OutFormat format, const DataCollection& set) {
  const auto refuse = [&](const std::string& problem, const std::string& hint) {
    return input_error({.file = set.folder.string(), .problem = problem, .hint = hint});
  };
  if (part.size() == 0) return;
  const bool needs_labels = format == OutFormat::idx || format == OutFormat::folder;
  if (needs_labels && part.labels.empty())
    throw refuse(fmt::format("the {} part has no labels, which {} needs", name,
                             format == OutFormat::idx ? "a set of IDX files" : "a folder by class"),
                 "npz and csv hold images without labels");
  if (format == OutFormat::csv && part.rows != part.columns)
    throw refuse(fmt::format("the images are no squares, and a row of a CSV file does not tell their sides ({} x {})",
                             part.rows, part.columns),
                 "npz, idx and folder hold images of any size");
  if (format == OutFormat::csv && part.rows < 2)
    throw refuse("a row of a CSV file has at least 4 pixels (2 x 2), and the images have one",
                 "npz, idx and folder hold images of any size");
  if (format == OutFormat::folder && std::ranges::min(part.labels) == std::ranges::max(part.labels))
    throw refuse(fmt::format("the {} part has images of one class only, and a folder by class needs two", name),
                 "npz, csv and idx hold any classes");
}

}  // namespace

const char* name_of(OutFormat format) { return names[static_cast<std::size_t>(format)].data(); }

OutFormat out_format(const std::filesystem::path& out, const std::string& wish) {
  if (wish.empty() || out == "-") check_ending(out);
  const bool npz = ends_with(out, npz_ending), csv = ends_with(out, csv_ending);
  const OutFormat format = !wish.empty() ? by_name(wish) : npz ? OutFormat::npz : csv ? OutFormat::csv : OutFormat::idx;
  const auto refuse = [&](const std::string& expected) {
    return usage_error({.file = out.string(),
                        .problem = fmt::format("the name does not fit the format {}", name_of(format)),
                        .expected = expected});
  };
  if (format == OutFormat::npz && !npz) throw refuse("a file NAME.npz");
  if (format == OutFormat::csv && npz) throw refuse("a folder, or a file NAME.csv for a set of one part");
  if ((format == OutFormat::idx || format == OutFormat::folder) && (npz || csv)) throw refuse("a folder");
  return format;
}

bool is_file(OutFormat format, const std::filesystem::path& out) {
  return format == OutFormat::npz || (format == OutFormat::csv && ends_with(out, csv_ending));
}

void check_fits(const DataCollection& set, OutFormat format, const std::filesystem::path& out) {
  if (format == OutFormat::csv && is_file(format, out) && set.training.size() > 0 && set.test.size() > 0)
    throw usage_error(
        {.file = out.string(),
         .problem = "a CSV file holds one part, and this set has two",
         .hint = fmt::format("{} csv and a folder's name make train.csv and test.csv in it", setting("to"))});
  if (format == OutFormat::csv && set.training.size() > 0 && set.training.labels.empty() && set.test.size() == 0)
    throw input_error({.file = set.folder.string(),
                       .problem = "the training part has no labels, and a table without labels is read as a test part",
                       .hint = "npz holds training images without labels"});
  if (format == OutFormat::csv && is_file(format, out)) check_csv_name(set, out);
  if (format == OutFormat::idx && set.training.size() == 0 && !set.test.labels.empty())
    throw input_error({.file = set.folder.string(),
                       .problem = "there is no training part, without which a set of IDX files cannot be read",
                       .hint = "npz, csv and folder hold a test part alone"});
  check_part(set.training, "training", format, set);
  check_part(set.test, "test", format, set);
}

}  // namespace nib
