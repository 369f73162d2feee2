#include <fmt/core.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "cli/flags.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "commands/data/data_commands.h"
#include "data/inspection.h"
#include "data/known_sets.h"
#include "data/places.h"
#include "encodings/json.h"
#include "machine/machine.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

struct Options {
  std::string data = "mnist";
  bool json = false;
};

int list_data(const Options& options) {
  Streams streams(options.json, false);
  constexpr std::size_t where_begins = 24;
  Json sets = Json::array();
  for (const KnownSet& set : known_sets()) {
    const auto folder = find_known_set_folder(set);
    const std::string where =
        folder ? printable(folder->string()) : fmt::format("not found (hint: {})", std::string(set.hint));
    streams.result(
        fitted(fmt::format("{:<8} {:<14} {}\n", set.name, set.title, where), streams.terminal(), where_begins));
    sets.push_back({{"name", set.name},
                    {"title", set.title},
                    {"folder", folder ? Json(folder->string()) : Json()},
                    {"hint", folder ? Json() : Json(set.hint)}});
  }
  streams.document({{"program", program_json()}, {"sets", sets}});
  streams.finish();
  return 0;
}

std::string verdict(const DataFileReport& report) {
  const std::string hint = report.hint.empty() ? "" : "       hint: " + printable(with_flags(report.hint)) + '\n';
  if (!report.problem.empty()) return fmt::format("wrong  {}\n{}", report.problem, hint);
  return fmt::format(
      "ok     {}: {} bytes, sha256 {}\n",
      report.file->is_idx ? printable(report.file->path.string()) : std::string(file_roles[report.role].stem),
      with_commas(report.file->raw_bytes), report.file->raw_sha256);
}

/// What was found where, and of what bytes and hashes are.
std::string heading(const DataReport& report) {
  const std::string folder = printable(report.folder.string());
  if (report.found.empty()) return fmt::format("{} in {} (bytes and hashes without gzip)\n", report.title, folder);
  return fmt::format("{} in {}: {} (bytes and hashes as IDX files)\n", report.title, folder, report.found);
}

Json problem_json(const std::string& problem) { return problem.empty() ? Json() : Json(with_flags(problem)); }

Json file_json(std::string_view name, const DataFileReport& report) {
  Json file = {{"name", name}, {"problem", problem_json(report.problem)}};
  if (report.file)
    file.update({{"path", report.file->path.string()},
                 {"gzipped", report.file->gzipped},
                 {"raw_bytes", report.file->raw_bytes},
                 {"raw_sha256", report.file->raw_sha256}});
  return file;
}

Json report_document(const DataReport& report) {
  Json files = Json::array(), warnings = Json::array();
  for (const DataFileReport& file : report.files) files.push_back(file_json(file_roles[file.role].stem, file));
  for (const std::string& warning : report.warnings) warnings.push_back(with_flags(warning));
  return {{"program", program_json()},
          {"title", report.title},
          {"folder", report.folder.string()},
          {"format", report.found},
          {"whole", problem_count(report) == 0},
          {"trainable", problem_count(report) == 0 && report.unfit.empty()},
          {"files", files},
          {"problem", problem_json(report.problem.empty() ? report.unfit : report.problem)},
          {"warnings", warnings}};
}

int verify_data(const Options& options) {
  Streams streams(options.json, false);
  const DataReport report = inspect_data(options.data);
  if (report.title != no_set_title) streams.result(heading(report));
  constexpr std::size_t verdict_begins = 7;
  for (const DataFileReport& file : report.files)
    streams.result(fitted(verdict(file), streams.terminal(), verdict_begins));
  if (!report.problem.empty()) streams.result(fmt::format("wrong  {}\n", report.problem));
  if (!report.problem.empty() && !report.hint.empty())
    streams.result(fmt::format("       hint: {}\n", printable(with_flags(report.hint))));
  for (const std::string& warning : report.warnings) streams.warn(warning);
  streams.document(report_document(report));
  streams.finish();
  if (const std::size_t wrong = problem_count(report); wrong > 0)
    throw input_error({.file = report.folder.string(),
                       .problem = report.problem.empty()
                                      ? fmt::format("{} of {} files are wrong", wrong, report.files.size())
                                      : "the files do not make a data set"});
  if (!report.unfit.empty())
    throw input_error({.file = report.folder.string(),
                       .problem = "whole, but no set to train with: " + report.unfit,
                       .hint = report.hint});
  return 0;
}

}  // namespace

void add_data_command(Command program) {
  Command data =
      program.add_command("data", "data sets: which nib knows, whether their files are whole, what is in them");
  data.require_command();
  const auto options = std::make_shared<Options>();
  Command list = data.add_command("list", "known data sets and where they are");
  add_json_option(list, options->json);
  list.set_action([options] { return list_data(*options); });

  Command verify = data.add_command("verify", "reads the files of a data set and checks every byte");
  add_data_argument_or_option(verify, options->data);
  add_json_option(verify, options->json);
  verify.set_action([options] { return verify_data(*options); });
  add_data_describe_command(data);
  add_data_convert_command(data);
  add_data_fetch_command(data);
}

}  // namespace nib
