#include "conversion/out_format.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/error.h"
#include "base/text.h"

namespace nib {
namespace {

constexpr std::array<std::string_view, 4> names = {"idx", "npz", "csv", "folder"};
constexpr std::string_view npz_ending = ".npz", csv_ending = ".csv";

bool ends_with(const std::filesystem::path& path, std::string_view ending) {
  return path.filename().string().ends_with(ending);
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
  if (format == OutFormat::folder && std::ranges::min(part.labels) == std::ranges::max(part.labels))
    throw refuse(fmt::format("the {} part has images of one class only, and a folder by class needs two", name),
                 "npz, csv and idx hold any classes");
}

}  // namespace

const char* name_of(OutFormat format) { return names[static_cast<std::size_t>(format)].data(); }

OutFormat out_format(const std::filesystem::path& out, const std::string& wish) {
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
  check_part(set.training, "training", format, set);
  check_part(set.test, "test", format, set);
}

}  // namespace nib
