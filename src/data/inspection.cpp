#include "data/inspection.h"

#include <algorithm>
#include <utility>

#include "data/collection.h"
#include "data/data_files.h"
#include "data/places.h"

namespace nib {
namespace {

DataFileReport report_file(const FileOutcome& outcome, const KnownSet* asked_for) {
  if (outcome.error) return {.file = std::nullopt, .problem = outcome.error->what()};
  DataFileReport report{.file = outcome.loaded->file, .problem = ""};
  try {
    if (asked_for != nullptr) check_known_file(*asked_for, outcome.role, *report.file);
  } catch (const Error& error) {
    report.problem = error.what();
  }
  return report;
}

}  // namespace

DataReport inspect_data(const std::string& name_or_folder) {
  const Place place = locate(name_or_folder);
  std::vector<FileOutcome> outcomes = load_files(place.folder, every_role);
  DataReport report;
  report.title = place.asked_for != nullptr ? place.asked_for->title : unknown_set_title;
  report.folder = place.folder;
  for (const FileOutcome& outcome : outcomes) report.files.push_back(report_file(outcome, place.asked_for));
  if (problem_count(report) > 0) return report;
  try {
    DataCollection collection = assemble(place, std::move(outcomes));
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
