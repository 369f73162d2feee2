#include "data/inspection.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "data/collection.h"
#include "data/data_files.h"
#include "data/places.h"

namespace nib {
namespace {

DataFileReport report_file(const FileOutcome& outcome, const KnownSet* asked_for) {
  if (const Error* error = std::get_if<Error>(&outcome))
    return {.file = std::nullopt, .problem = error->what(), .hint = error->problem().hint};
  const LoadedFile& loaded = std::get<LoadedFile>(outcome);
  DataFileReport report{.file = loaded.file, .problem = ""};
  try {
    if (asked_for != nullptr) check_known_file(*asked_for, loaded);
  } catch (const Error& error) {
    report.problem = error.what();
    report.hint = error.problem().hint;
  }
  return report;
}

}  // namespace

DataReport inspect_data(const std::string& name_or_folder) {
  const Place place = locate(name_or_folder);
  DataReport report;
  report.title = place.asked_for != nullptr ? place.asked_for->title : unknown_set_title;
  report.folder = place.folder;
  std::vector<LoadedFile> files;
  for (FileOutcome& outcome : load_files(place.folder, every_role)) {
    report.files.push_back(report_file(outcome, place.asked_for));
    if (auto* loaded = std::get_if<LoadedFile>(&outcome)) files.push_back(std::move(*loaded));
  }
  if (problem_count(report) > 0) return report;
  try {
    DataCollection collection = assemble(place, std::move(files));
    report.title = std::move(collection.title);
    report.warnings = std::move(collection.warnings);
  } catch (const Error& error) {
    report.problem = error.what();
  }
  return report;
}

std::size_t problem_count(const DataReport& report) {
  const auto wrong =
      std::ranges::count_if(report.files, [](const DataFileReport& file) { return !file.problem.empty(); });
  return static_cast<std::size_t>(wrong) + (report.problem.empty() ? 0 : 1);
}

}  // namespace nib
