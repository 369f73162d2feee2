#include "commands/sweep/progress.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/files.h"
#include "base/text.h"
#include "runs/file_names.h"
#include "terminal/text_layout.h"

namespace nib {
namespace {

constexpr std::size_t usual_rows = 24, most_rows = 40;

std::size_t rows_of_terminal(bool json) {
  winsize size{};
  const bool known = ioctl(json ? STDERR_FILENO : STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0;
  return std::min<std::size_t>(known ? size.ws_row : usual_rows, most_rows);
}

/// The word behind `label` in a line of nib train's, which its own log has it from.
std::string word_behind(std::string_view line, std::string_view label) {
  const std::size_t begin = line.find(label);
  if (begin == std::string_view::npos) return {};
  const std::string_view rest = line.substr(begin + label.size());
  return printable(rest.substr(0, rest.find(' ')), 20);
}

std::string figure(const std::optional<Sample>& sample, double Sample::*which) {
  return sample ? fmt::format("{:.4f}", (*sample).*which) : "-";
}

}  // namespace

std::string time_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::ceil(std::max(seconds, 0.0)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02} h", whole / 3600, whole % 3600 / 60);
}

SweepProgress::SweepProgress(const Sweep& sweep, std::size_t to_do, std::size_t at_once, bool live, Streams& streams)
    : sweep_(sweep),
      streams_(streams),
      live_(live && streams.terminal().interactive),
      to_do_(to_do),
      at_once_(std::max<std::size_t>(at_once, 1)) {}

std::optional<double> SweepProgress::seconds_left(std::size_t running) const {
  if (finished_ == 0) return std::nullopt;
  const double mean = seconds_of_runs_ / static_cast<double>(finished_);
  const std::size_t waiting = to_do_ - done_ - running;
  // Those that run are half through on average.
  return mean * (static_cast<double>(waiting) + static_cast<double>(running) / 2) / static_cast<double>(at_once_);
}

void SweepProgress::ended(const SweepRun& run, double seconds) {
  ++done_;
  table_.reset();
  const bool finished = run.state == SweepRunState::finished;
  if (finished) {
    ++finished_;
    seconds_of_runs_ += seconds;
  }
  if (live_) return;
  std::string line = fmt::format("[{}/{}] {}: ", done_, to_do_, printable(plan_.run_in_words(run.number)));
  if (!finished)
    line += word(run.state) + (run.reason.empty() ? "" : ": " + run.reason);
  else if (run.val_accuracy)
    line += fmt::format("validation accuracy {:.4f}, {:.1f} s", *run.val_accuracy, seconds);
  else
    line += fmt::format("finished, {:.1f} s", seconds);
  streams_.say(line + '\n');
  if (finished_ == 1 && finished && done_ < to_do_)
    streams_.say(
        fmt::format("About {} for the other {}\n",
                    time_text(seconds * std::ceil(static_cast<double>(to_do_ - done_) / static_cast<double>(at_once_))),
                    to_do_ - done_));
}

/// By the last epoch in its log, of which only the end is read: before its first epoch, and behind its last one, what
/// was told before holds.
const std::string& SweepProgress::stage(std::size_t run) {
  constexpr std::size_t enough = 16 << 10;
  std::string& stage = stages_.try_emplace(run, "begins").first->second;
  const std::vector<std::uint8_t> bytes = end_of(sweep_.folder / sweep_.runs[run].folder / sweep_run_log, enough);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const std::size_t begin = text.rfind("\nEpoch ");
  if (begin == std::string_view::npos) return stage;
  const std::string_view line = text.substr(begin + 1, text.find('\n', begin + 1) - begin - 1);
  const std::string accuracy = word_behind(line, "val_accuracy: ");
  return stage = "epoch " + word_behind(line, "Epoch ") + (accuracy.empty() ? "" : ", validation accuracy " + accuracy);
}

std::vector<std::string> SweepProgress::lines(const std::vector<std::size_t>& jobs) {
  const Terminal& terminal = streams_.terminal();
  if (!table_) table_ = sweep_table(plan_, sweep_.runs);
  const SweepTable& table = *table_;
  const double elapsed = std::chrono::duration<double>(Clock::now() - begin_).count();
  std::string head = fmt::format("{} of {} runs finished", table.count(SweepRunState::finished), plan_.runs());
  if (table.failed() > 0) head += fmt::format(", {} failed", table.failed());
  head += fmt::format("; {}", time_text(elapsed));
  if (const auto left = seconds_left(jobs.size())) head += ", about " + time_text(*left) + " left";
  std::vector<std::string> all{head};
  const std::size_t rows = rows_of_terminal(streams_.json());
  const std::size_t room = rows > 4 ? rows - 3 : 1;
  for (const std::size_t run : jobs)
    if (all.size() < room / 2 + 1) all.push_back("  " + printable(plan_.run_in_words(run)) + ": " + stage(run));
  const std::size_t for_settings = room - std::min(room, all.size());
  if (for_settings < 2 || finished_ == 0) return all;
  constexpr std::size_t figures = 34;
  std::size_t widest = 7;
  for (const SweepSetting& setting : plan_.settings) widest = std::max(widest, text_width(setting.in_words()));
  widest = std::min(widest, terminal.columns > figures + 20 ? terminal.columns - figures - 4 : 20);
  all.push_back(align_left("  setting", widest + 2) + "   runs    mean   worst    best");
  for (std::size_t i = 0; i < std::min(table.order.size(), for_settings - 1); ++i) {
    const SettingFigures& setting = table.settings[table.order[i]];
    const std::string name = printable(plan_.settings[table.order[i]].in_words());
    all.push_back("  " + align_left(cut(name, widest, terminal.utf8), widest) +
                  align_right(fmt::format("{}/{}", setting.finished, plan_.seeds.size()), 7) +
                  align_right(figure(setting.val_accuracy, &Sample::mean), 8) +
                  align_right(figure(setting.val_accuracy, &Sample::lowest), 8) +
                  align_right(figure(setting.val_accuracy, &Sample::highest), 8));
  }
  return all;
}

bool SweepProgress::is_due() const {
  constexpr auto pause = std::chrono::milliseconds(250);
  return live_ && !streams_.quiet() && Clock::now() - last_draw_ >= pause;
}

void SweepProgress::draw(const std::vector<std::size_t>& jobs) {
  const Terminal& terminal = streams_.terminal();
  last_draw_ = Clock::now();
  std::string text = erasure();
  for (const std::string& line : lines(jobs)) {
    text += cut(line, terminal.columns - 1, terminal.utf8) + '\n';
    ++drawn_lines_;
  }
  streams_.say(text);
}

void SweepProgress::clear() {
  if (const std::string text = erasure(); !text.empty()) streams_.say(text);
}

/// Up to the first line of the table, and away with all below (ECMA-48: CUU, ED). The carriage return has the line pass
/// as it is.
std::string SweepProgress::erasure() {
  const std::size_t lines = std::exchange(drawn_lines_, 0);
  return lines > 0 ? fmt::format("\r\x1b[{}A\x1b[J", lines) : std::string();
}

}  // namespace nib
