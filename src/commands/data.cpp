#include <fmt/core.h>

#include <memory>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "cli/flags.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "data/inspection.h"
#include "data/known_sets.h"
#include "data/places.h"

namespace nib {
namespace {

int list_data() {
  Streams streams(false, false);
  for (const KnownSet& set : known_sets()) {
    const auto folder = find_known_set_folder(set);
    const std::string where =
        folder ? printable(folder->string()) : fmt::format("not found (hint: {})", std::string(set.hint));
    streams.result(fmt::format("{:<8} {:<14} {}\n", set.name, set.title, where));
  }
  streams.finish();
  return 0;
}

std::string verdict(const DataFileReport& report) {
  const std::string hint = report.hint.empty() ? "" : "       hint: " + printable(with_flags(report.hint)) + '\n';
  if (!report.problem.empty()) return fmt::format("wrong  {}\n{}", report.problem, hint);
  return fmt::format("ok     {}: {} bytes, sha256 {}\n", printable(report.file->path.string()),
                     with_commas(report.file->raw_bytes), report.file->raw_sha256);
}

int verify_data(const std::string& name_or_folder) {
  Streams streams(false, false);
  const DataReport report = inspect_data(name_or_folder);
  streams.result(
      fmt::format("{} in {} (bytes and hashes without gzip)\n", report.title, printable(report.folder.string())));
  for (const DataFileReport& file : report.files) streams.result(verdict(file));
  if (!report.problem.empty()) streams.result(fmt::format("wrong  {}\n", report.problem));
  for (const std::string& warning : report.warnings) streams.warn(warning);
  streams.finish();
  if (const std::size_t wrong = problem_count(report); wrong > 0)
    throw input_error({.file = report.folder.string(),
                       .problem = report.problem.empty()
                                      ? fmt::format("{} of {} files are wrong", wrong, report.files.size())
                                      : "the files do not make a data set"});
  return 0;
}

}  // namespace

void add_data_command(Command program) {
  Command data = program.add_command("data", "the data sets nib knows, and whether their files are whole");
  data.require_command();
  data.add_command("list", "known data sets and where they are").set_action(list_data);

  const auto name = std::make_shared<std::string>("mnist");
  Command verify = data.add_command("verify", "reads the files of a data set and checks every byte");
  add_data_option(verify, *name);
  verify.set_action([name] { return verify_data(*name); });
}

}  // namespace nib
