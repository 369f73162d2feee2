#include "commands/train/precedence.h"

#include <array>
#include <string_view>

#include "commands/train/schedule_options.h"

namespace nib {
namespace {

/// A setting that says more of another one, and how it comes to its usual value again.
struct Detail {
  const char* name;
  const char* of;
  void (*reset)(TrainOptions&);
};

constexpr const char *schedule = "schedule", *plateau = "reduce-on-plateau";

constexpr std::array<Detail, 8> details = {{
    {"decay-rate", schedule, [](TrainOptions& run) { run.plan.schedule.decay_rate = Schedule{}.decay_rate; }},
    {"decay-epochs", schedule, [](TrainOptions& run) { run.plan.schedule.decay_epochs = Schedule{}.decay_epochs; }},
    {"warmup-epochs", schedule, [](TrainOptions& run) { run.plan.schedule.warmup_epochs.reset(); }},
    {"final-fraction", schedule, [](TrainOptions& run) { run.plan.schedule.final_fraction.reset(); }},
    {"plateau-factor", plateau, [](TrainOptions& run) { run.plateau.factor = Plateau{}.factor; }},
    {"plateau-min-delta", plateau, [](TrainOptions& run) { run.plateau.min_delta = Plateau{}.min_delta; }},
    {"plateau-cooldown", plateau, [](TrainOptions& run) { run.plateau.cooldown = Plateau{}.cooldown; }},
    {"plateau-min-rate", plateau, [](TrainOptions& run) { run.plateau.min_rate = Plateau{}.min_rate; }},
}};

class Precedence {
 public:
  Precedence(TrainOptions& options, Command command) : options_(options), command_(command) {}

  void settle() {
    if (options_.plan.plateau && !options_.schedule.empty() && options_.schedule != word(ScheduleKind::constant)) {
      if (is_weaker(plateau, schedule)) forget_plateau();
      if (is_weaker(schedule, plateau)) forget_schedule();
    }
    for (const Detail& detail : details)
      if (is_weaker(detail.name, detail.of)) forget(detail);
    settle_validation();
  }

 private:
  bool is_weaker(const char* one, const char* other) const { return command_.origin(one) < command_.origin(other); }

  void forget(const Detail& detail) {
    detail.reset(options_);
    command_.forget(detail.name);
  }

  void forget_with_details(const char* name, const char* by) {
    for (const Detail& detail : details)
      if (std::string_view(detail.of) == name && is_weaker(detail.name, by)) forget(detail);
    command_.forget(name);
  }

  void forget_plateau() {
    options_.plan.plateau.reset();
    forget_with_details(plateau, schedule);
  }

  void forget_schedule() {
    options_.schedule.clear();
    forget_with_details(schedule, plateau);
  }

  void settle_validation() {
    const char *split = "validation-split", *which = "validation", *data = "validation-data";
    if (is_weaker(which, data)) options_.validation = TrainOptions{}.validation;
    for (const char* const name : {split, which})
      if (is_weaker(name, data)) command_.forget(name);
    if (!is_weaker(data, which) && (!is_weaker(data, split) || options_.validation_split == 0)) return;
    options_.validation_data.clear();
    command_.forget(data);
  }

  TrainOptions& options_;
  Command command_;
};

}  // namespace

void settle_precedence(TrainOptions& options, Command command) { Precedence(options, command).settle(); }

std::vector<std::string> unused_settings(const TrainOptions& options) {
  std::vector<std::string> names;
  for (const Detail& detail : details) {
    const bool is_used = std::string_view(detail.of) == schedule
                             ? is_schedule_parameter(detail.name, options.plan.schedule.kind)
                             : options.plan.plateau.has_value();
    if (!is_used) names.emplace_back(detail.name);
  }
  if (!options.validation_data.empty()) names.insert(names.end(), {"validation-split", "validation"});
  return names;
}

}  // namespace nib
