#include "terminal/progress_bar.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "terminal/text_layout.h"

namespace nib {
namespace {

constexpr std::size_t bar_width = 20;
constexpr std::chrono::milliseconds redraw_interval{50};

double seconds_between(ProgressBar::Clock::time_point begin, ProgressBar::Clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

/// Time left: "1:02:03" over an hour, "2:03" over a minute, else "3s", cut to whole seconds.
std::string time_left(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds);
  if (seconds > 3600) return fmt::format("{}:{:02}:{:02}", whole / 3600, whole % 3600 / 60, whole % 60);
  if (seconds > 60) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}s", whole);
}

std::string step_time(double seconds) {
  if (seconds >= 1 || seconds == 0) return fmt::format("{:.0f}s/step", seconds);
  if (seconds >= 1e-3) return fmt::format("{:.0f}ms/step", seconds * 1e3);
  return fmt::format("{:.0f}us/step", seconds * 1e6);
}

std::string metric(const char* name, double value) {
  return std::fabs(value) > 1e-3 ? fmt::format("{}: {:.4f}", name, value) : fmt::format("{}: {:.4e}", name, value);
}

/// Keras sorts them by name.
std::vector<std::string> final_metrics(const EpochResult& result) {
  std::vector<std::string> metrics = {metric("accuracy", result.accuracy)};
  if (result.learning_rate) metrics.push_back(metric("learning_rate", *result.learning_rate));
  metrics.push_back(metric("loss", result.loss));
  if (result.validation_accuracy) metrics.push_back(metric("val_accuracy", *result.validation_accuracy));
  if (result.validation_loss) metrics.push_back(metric("val_loss", *result.validation_loss));
  return metrics;
}

std::string joined(const std::vector<std::string>& metrics, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += " - " + metrics[i];
  return text;
}

/// The same on as many lines as it takes, behind `used` columns of the first.
std::string broken(const std::vector<std::string>& metrics, std::size_t used, std::size_t columns) {
  std::string text;
  for (const std::string& metric : metrics) {
    const std::string part = " - " + metric;
    if (used + part.size() > columns) text += "\n ";
    used = part.size() + (used + part.size() > columns ? 1 : used);
    text += part;
  }
  return text;
}

}  // namespace

/// What one drawing of the line shows.
struct ProgressBar::Line {
  std::uint64_t step;
  std::string time, step_time;
  std::vector<std::string> metrics;
  bool last;  ///< of its epoch
};

ProgressBar::ProgressBar(const Terminal& terminal) : terminal_(terminal) {}

std::string ProgressBar::begin_epoch(const TrainingProgress& start, Clock::time_point now) {
  epoch_ = start.epoch;
  epochs_ = start.epochs;
  steps_ = start.steps;
  done_before_ = start.step;
  width_ = 0;
  begin_ = now;
  first_step_seconds_.reset();
  drawn_ = false;
  return terminal_.interactive && epochs_ > 1 ? fmt::format("Epoch {}/{}\n", epoch_, epochs_) : "";
}

/// The first step is left out, as it often takes longer; where it was not seen alone, it counts like any other.
double ProgressBar::step_seconds(std::uint64_t all_steps, double elapsed) const {
  const std::uint64_t step = all_steps - std::min(all_steps, done_before_);
  if (first_step_seconds_ && step > 1) return (elapsed - *first_step_seconds_) / static_cast<double>(step - 1);
  return step ? elapsed / static_cast<double>(step) : 0;
}

std::string ProgressBar::update(const TrainingProgress& progress, Clock::time_point now) {
  const double elapsed = seconds_between(begin_, now);
  if (progress.step == done_before_ + 1) first_step_seconds_ = elapsed;
  if (!terminal_.interactive || (drawn_ && now - last_draw_ < redraw_interval)) return "";
  last_draw_ = now;
  const double each = step_seconds(progress.step, elapsed);
  const auto steps_left = static_cast<double>(steps_ - std::min(steps_, progress.step));
  return draw({progress.step,
               time_left(each * steps_left),
               step_time(each),
               {metric("accuracy", progress.accuracy), metric("loss", progress.loss)},
               false});
}

/// Keras takes the step time of this line after validation has run, so it comes out too high by the time of validation
/// over the number of steps; here it is that of the training steps alone. The elapsed time includes validation, as in
/// Keras.
std::string ProgressBar::end_epoch(const EpochResult& result) {
  const std::string elapsed = fmt::format("{:.0f}s", result.seconds);
  if (done_before_ > 0) {  // the epoch's time is that of all its steps
    first_step_seconds_.reset();
    done_before_ = 0;
  }
  const std::string each = step_time(step_seconds(steps_, result.training_seconds));
  const std::vector<std::string> metrics = final_metrics(result);
  if (terminal_.interactive) return draw({steps_, elapsed, each, metrics, true});
  const std::string epoch = epochs_ > 1 ? fmt::format("Epoch {}/{} - ", epoch_, epochs_) : "";
  return fmt::format("{}{}/{} - {} - {}{}\n", epoch, steps_, steps_, elapsed, each, joined(metrics, metrics.size()));
}

std::string ProgressBar::abandon() {
  if (!drawn_) return "";
  drawn_ = false;
  return "\n";
}

/// A line that will be redrawn must not wrap, or going back to its begin would fail: on a narrow terminal it loses the
/// bar, then metrics from the right. The last line of an epoch keeps all its figures, and its bar where that fits or
/// where the line wraps in any case.
std::string ProgressBar::draw(const Line& line) {
  const std::string counter = fmt::format("{:>{}}/{}", line.step, fmt::formatted_size("{}", steps_), steps_);
  const std::size_t fixed = counter.size() + 1 + line.time.size() + 1 + line.step_time.size();
  std::size_t metrics = line.metrics.size();
  const auto width = [&](bool bar) { return fixed + (bar ? bar_width + 1 : 0) + joined(line.metrics, metrics).size(); };
  const bool bar = width(true) <= terminal_.columns || (line.last && width(false) > terminal_.columns);
  while (!bar && !line.last && metrics > 0 && width(false) > terminal_.columns) --metrics;

  std::string text = std::string(width_, '\b') + "\r" + styled(counter, bold, terminal_) + " ";
  if (bar) {
    const char* mark = terminal_.utf8 ? "━" : "=";
    const auto filled = static_cast<std::size_t>(
        bar_width * (steps_ ? static_cast<double>(line.step) / static_cast<double>(steps_) : 1.0));
    if (filled > 0) text += styled(repeated(mark, filled), green, terminal_);
    const char* rest = terminal_.colour ? mark : " ";
    text += styled(repeated(rest, bar_width - filled), white, terminal_) + " ";
  }
  text += styled(line.time, bold, terminal_) + " " + line.step_time;
  if (terminal_.breaks_lines && width(bar) > terminal_.columns && line.last) {
    // What the first of several lines does not cover has to go before.
    drawn_ = false;
    return '\r' + std::string(width_, ' ') + text +
           broken(line.metrics, width(bar) - joined(line.metrics, metrics).size(), terminal_.columns) + '\n';
  }
  text += joined(line.metrics, metrics);
  text.append(width_ - std::min(width_, width(bar)), ' ');
  width_ = width(bar);
  drawn_ = !line.last;
  return line.last ? text + "\n" : text;
}

}  // namespace nib
