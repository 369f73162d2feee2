#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/signals.h"
#include "base/text.h"
#include "cli/options.h"
#include "cli/streams.h"
#include "commands/command.h"
#include "machine/machine.h"
#include "runs/run_list.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

struct Options {
  std::string folder = "runs";
  std::string state{};
  std::string sort = "started";
  bool json = false;
};

const std::vector<std::string> states = {"finished", "running", "interrupted", "failed", "broken-off"};
const std::vector<std::string> orders = {"started", "accuracy", "name"};

std::string state_option(const ListedRun& run) {
  std::string state = run.state();
  std::ranges::replace(state, ' ', '-');
  return state;
}

double accuracy_of(const ListedRun& run) { return run.record.test ? run.record.test->accuracy : -1; }

std::vector<ListedRun> chosen_runs(const Options& options, Notes& notes) {
  std::vector<ListedRun> runs = list_runs(options.folder, notes);
  if (!options.state.empty()) std::erase_if(runs, [&](const auto& run) { return state_option(run) != options.state; });
  if (options.sort == "accuracy")  // the best last, where it is seen
    std::ranges::stable_sort(runs, {}, accuracy_of);
  if (options.sort == "name") std::ranges::stable_sort(runs, {}, &ListedRun::folder);
  return runs;
}

std::string size_text(std::uint64_t bytes) { return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6); }

std::string epochs_text(const ListedRun& run) {
  const std::size_t done = run.record.history.size();
  return run.epochs_planned() == 0 ? std::to_string(done) : fmt::format("{}/{}", done, run.epochs_planned());
}

/// The columns of the table, the first of which is as wide as its longest name.
std::string table(const std::vector<ListedRun>& runs) {
  std::vector<std::vector<std::string>> rows = {
      {"run", "state", "data", "epochs", "accuracy", "best", "weights", "size"}};
  for (const ListedRun& run : runs)
    rows.push_back({printable(run.folder.string()), run.state(), printable(run.record.data.name), epochs_text(run),
                    run.record.test ? fmt::format("{:.4f}", run.record.test->accuracy) : "-",
                    run.best() ? std::to_string(*run.best()) : "-",
                    run.record.weights_sha256.empty() ? "-" : printable(run.record.weights_sha256.substr(0, 8)),
                    size_text(run.bytes)});
  return aligned(rows, {0, 1, 2, 6});
}

int runs_command(const Options& options) {
  end_cleanly_on_signals();
  Streams streams(options.json, false);
  const std::vector<ListedRun> runs = chosen_runs(options, streams);
  Json list = Json::array();
  for (const ListedRun& run : runs) list.push_back(to_json(run));
  streams.document({{"program", program_json()}, {"runs", list}});
  if (runs.empty()) {
    streams.result("no runs in " + printable(options.folder) + '\n');
  } else {
    streams.result(table(runs));
    for (const ListedRun& run : runs)
      if (!run.way_on.empty())
        streams.result("\n" + printable(run.folder.string()) + " goes on with: " + printable(run.way_on) + '\n');
  }
  streams.finish();
  return 0;
}

}  // namespace

void add_runs_command(Command program) {
  const auto options = std::make_shared<Options>();
  Command command = program.add_command("runs", "a table of the runs in a folder, and how unfinished ones go on");
  add_value(command,
            {.names = "DIR",
             .value_name = "DIR",
             .allowed = "a folder",
             .description = "folder with runs (default runs)",
             .optional = true},
            [options](const std::string& text) { options->folder = text; });
  command.begin_group("Output");
  add_word(command, "--state", states, options->state, "only runs in this state");
  add_word(command, "--sort", orders, options->sort, "order; with accuracy the best run stands last (default started)");
  add_json_option(command, options->json);
  command.set_action([options] { return runs_command(*options); });
}

}  // namespace nib
