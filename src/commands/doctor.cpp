#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "cli/flags.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "encodings/json.h"
#include "machine/checks.h"
#include "machine/machine.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

std::string line(const Check& check, const Terminal& terminal) {
  const bool narrow = terminal.breaks_lines && terminal.columns < 60;  // then what there is stands below its subject
  const std::size_t begin = narrow ? 5 : 20;
  const std::string margin(begin, ' ');
  const std::string subject = fmt::format("{:<4} {}", check.fix.empty() ? "ok" : "fix", check.subject);
  const std::string finding =
      (narrow ? subject + '\n' + margin : align_left(subject, begin - 1) + ' ') + with_flags(check.finding) + '\n';
  const std::string text = fitted(finding, terminal, narrow ? 0 : begin);
  return check.fix.empty() ? text : text + fitted(margin + with_flags(check.fix) + '\n', terminal, 0);
}

Json check_json(const Check& check) {
  Json document = {{"subject", check.subject}, {"ok", check.fix.empty()}, {"finding", with_flags(check.finding)}};
  document["fix"] = check.fix.empty() ? Json() : Json(with_flags(check.fix));
  if (!check.details.is_null()) document["details"] = check.details;
  return document;
}

int doctor_command(bool json) {
  Streams streams(json, false);
  std::vector<Check> checks = host_checks();
  CudaChecks cuda = cuda_checks();
  std::ranges::move(cuda.checks, std::back_inserter(checks));
  const auto stop = std::ranges::find_if(checks, [](const Check& check) { return check.stops_training.has_value(); });
  Json lines = Json::array();
  for (const Check& check : checks) {
    streams.result(line(check, streams.terminal()));
    lines.push_back(check_json(check));
  }
  const bool works = stop == checks.end();
  if (works)
    streams.result(fmt::format("nib train works here, on {}.\n", cuda.engine.empty() ? "the CPU" : cuda.engine));
  streams.document({{"program", program_json()},
                    {"machine", machine_json()},
                    {"checks", lines},
                    {"training_works", works},
                    {"cuda_engine", cuda.engine.empty() ? Json() : Json(cuda.engine)}});
  streams.finish();
  if (!works) throw *stop->stops_training;
  return 0;
}

}  // namespace

void add_doctor_command(Command program) {
  const auto json = std::make_shared<bool>(false);
  Command command = program.add_command("doctor", "what nib finds here - GPU, libraries, data, disk - and what to fix");
  add_json_option(command, *json);
  command.set_action([json] { return doctor_command(*json); });
}

}  // namespace nib
