#include "commands/train/schedule_options.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "cli/options.h"
#include "runs/run_monitor.h"

namespace nib {
namespace {

constexpr double least_epochs = 1e-3, most_epochs = 100'000;

/// A parameter of schedules: its setting, key in run.json, which schedules have it, and what it is.
struct Parameter {
  const char* setting;
  const char* key;
  NumberRange range;
  std::array<ScheduleKind, 3> kinds;
  std::optional<double> (*get)(const Schedule&);
  void (*set)(Schedule&, double);
};

constexpr auto step = ScheduleKind::step, exponential = ScheduleKind::exponential, cosine = ScheduleKind::cosine,
               warmup_cosine = ScheduleKind::warmup_cosine, one_cycle = ScheduleKind::one_cycle;

constexpr std::array<Parameter, 4> parameters = {{
    {"decay rate",
     "decay_rate",
     {.lowest = 1e-6, .highest = 1},
     {step, exponential, exponential},
     [](const Schedule& schedule) { return std::optional(schedule.decay_rate); },
     [](Schedule& schedule, double value) { schedule.decay_rate = value; }},
    {"decay epochs",
     "decay_epochs",
     {.lowest = least_epochs, .highest = most_epochs},
     {step, exponential, exponential},
     [](const Schedule& schedule) { return std::optional(schedule.decay_epochs); },
     [](Schedule& schedule, double value) { schedule.decay_epochs = value; }},
    {"warmup epochs",
     "warmup_epochs",
     {.lowest = least_epochs, .highest = most_epochs},
     {warmup_cosine, one_cycle, one_cycle},
     [](const Schedule& schedule) { return schedule.warmup_epochs; },
     [](Schedule& schedule, double value) { schedule.warmup_epochs = value; }},
    {"final fraction",
     "final_fraction",
     {.lowest = 0, .highest = 1},
     {cosine, warmup_cosine, one_cycle},
     [](const Schedule& schedule) { return schedule.final_fraction; },
     [](Schedule& schedule, double value) { schedule.final_fraction = value; }},
}};

struct PlateauNumber {
  const char* setting;
  const char* key;
  double Plateau::*value;
};
constexpr std::array<PlateauNumber, 3> plateau_numbers = {
    {{"plateau factor", "plateau_factor", &Plateau::factor},
     {"plateau min delta", "plateau_min_delta", &Plateau::min_delta},
     {"plateau min rate", "plateau_min_rate", &Plateau::min_rate}}};
constexpr const char *plateau_key = "reduce_on_plateau", *cooldown_key = "plateau_cooldown";

std::string option_of(const char* setting) {
  std::string option = "--" + std::string(setting);
  std::ranges::replace(option, ' ', '-');
  return option;
}

bool has(ScheduleKind kind, const Parameter& parameter) {
  return std::ranges::find(parameter.kinds, kind) != parameter.kinds.end();
}

/// "step or exponential".
std::string kinds_of(const Parameter& parameter) {
  std::string text;
  for (std::size_t i = 0; i < parameter.kinds.size(); ++i) {
    if (i > 0 && parameter.kinds[i] == parameter.kinds[i - 1]) continue;
    text += (text.empty() ? "" : " or ") + std::string(word(parameter.kinds[i]));
  }
  return text;
}

Error other_one(const std::string& setting_name, const std::string& of_run, const std::string& now,
                const std::string& hint) {
  return usage_error({.setting = setting_name,
                      .problem = "the run to resume has another one",
                      .expected = of_run,
                      .got = now,
                      .hint = hint});
}

std::string shown(const std::optional<double>& value) { return value ? fmt::format("{}", *value) : "its default"; }

/// The run's plateau, where its schedule goes on.
void take_plateau(TrainOptions& options, const std::optional<Plateau>& of_run, const std::vector<std::string>& given) {
  const std::optional<Plateau> now = options.plan.plateau;
  const std::string hint = setting("schedule") + " beside it goes on with another schedule";
  const auto patience = [](const auto& plateau) {
    return plateau ? fmt::format("a patience of {}", plateau->patience) : std::string("none");
  };
  if (is_given(given, option_of("reduce on plateau")) && (!of_run || of_run->patience != now->patience))
    throw other_one("reduce on plateau", patience(of_run), patience(now), hint);
  const auto check = [&](const char* setting_name, auto value) {
    if (is_given(given, option_of(setting_name)) && of_run && (*of_run).*value != options.plateau.*value)
      throw other_one(setting_name, fmt::format("{}", (*of_run).*value), fmt::format("{}", options.plateau.*value),
                      hint);
  };
  for (const PlateauNumber& number : plateau_numbers) check(number.setting, number.value);
  check("plateau cooldown", &Plateau::cooldown);
  options.plan.plateau = of_run;
}

/// That of a run which goes on with a schedule that was given again: the run's where that is the same schedule, and
/// what of it was not given anew.
void choose_plateau(TrainOptions& options, const std::optional<Plateau>& of_run, bool same_schedule,
                    const std::vector<std::string>& given) {
  if (!of_run || !same_schedule) return;
  const std::uint32_t patience = options.plan.plateau ? options.plan.plateau->patience : of_run->patience;
  Plateau plateau = *of_run;
  for (const PlateauNumber& number : plateau_numbers)
    if (is_given(given, option_of(number.setting))) plateau.*(number.value) = options.plateau.*(number.value);
  if (is_given(given, option_of("plateau cooldown"))) plateau.cooldown = options.plateau.cooldown;
  plateau.patience = patience;
  options.plan.plateau = plateau;
}

}  // namespace

void add_schedule_options(Command command, TrainOptions& run) {
  command.begin_group("Learning rate");
  Schedule& schedule = run.plan.schedule;
  add_word(command, "--schedule", {"constant", "step", "exponential", "cosine", "warmup-cosine", "one-cycle"},
           run.schedule, "how the learning rate goes over the run (default constant)", word(ScheduleKind::constant));
  add_number(command, "--decay-rate", schedule.decay_rate, parameters[0].range,
             "step, exponential: factor of the rate");
  add_number(command, "--decay-epochs", schedule.decay_epochs, parameters[1].range,
             "step, exponential: epochs until the factor counts once");
  add_number(command, "--warmup-epochs", schedule.warmup_epochs, parameters[2].range,
             "warmup-cosine, one-cycle: epochs in which the rate rises", "1, of one-cycle 0.3 of all");
  add_number(command, "--final-fraction", schedule.final_fraction, parameters[3].range,
             "cosine, warmup-cosine, one-cycle: part of the rate at the end", "0, of one-cycle 4e-06");
  constexpr std::uint64_t most = 100'000;
  const std::string name = "--reduce-on-plateau", allowed = fmt::format("a whole number between 1 and {}", most);
  add_value(command,
            {.names = name,
             .value_name = "N",
             .allowed = allowed,
             .description = "reduce the rate when N epochs were not better by --monitor (default off)"},
            [&run, name, allowed](const std::string& text) {
              const std::optional<std::uint64_t> number = parse_unsigned(text);
              if (!number || *number < 1 || *number > most)
                throw usage_error({.file = name, .problem = "not " + allowed, .got = quoted(text)});
              run.plan.plateau.emplace().patience = static_cast<std::uint32_t>(*number);
            });
  add_number(command, "--plateau-factor", run.plateau.factor, {.lowest = 0, .highest = 1, .below_highest = true},
             "that the rate is multiplied by then");
  add_number(command, "--plateau-min-delta", run.plateau.min_delta, {.lowest = 0, .highest = 1e30},
             "an epoch is better by more than this only");
  add_whole_number(command, "--plateau-cooldown", run.plateau.cooldown, 0, most,
                   "as Keras has it: one less epoch behind a reduction is not counted");
  add_number(command, "--plateau-min-rate", run.plateau.min_rate, {.lowest = 0, .highest = greatest_learning_rate},
             "the rate is not reduced further");
}

bool is_schedule_parameter(std::string_view option, ScheduleKind kind) {
  return std::ranges::any_of(parameters, [&](const Parameter& parameter) {
    return option_of(parameter.setting) == "--" + std::string(option) && has(kind, parameter);
  });
}

void settle_schedule(TrainOptions& options) {
  TrainingPlan& plan = options.plan;
  if (!options.schedule.empty()) plan.schedule.kind = *schedule_kind(options.schedule);
  if (!plan.plateau) return;
  options.plateau.patience = plan.plateau->patience;
  plan.plateau = options.plateau;
}

void check_schedule(const TrainingPlan& plan, const std::vector<std::string>& given) {
  for (const Parameter& parameter : parameters)
    if (is_given(given, option_of(parameter.setting)) && !has(plan.schedule.kind, parameter))
      throw usage_error({.setting = parameter.setting,
                         .problem = "is no parameter of the schedule",
                         .expected = setting("schedule") + " " + kinds_of(parameter),
                         .got = word(plan.schedule.kind)});
  const bool has_warmup = plan.schedule.kind == warmup_cosine || plan.schedule.kind == one_cycle;
  if (const double warmup = warmup_epochs(plan.schedule, plan.epochs); has_warmup && warmup >= plan.epochs)
    throw usage_error({.setting = "warmup epochs",
                       .problem = "the run has no epochs behind the warm-up",
                       .expected = fmt::format("less than {}", plan.epochs),
                       .got = fmt::format("{}", warmup)});
  if (plan.plateau && plan.schedule.kind != ScheduleKind::constant)
    throw usage_error({.setting = "reduce on plateau",
                       .problem = "needs a constant schedule, as in Keras",
                       .got = word(plan.schedule.kind)});
  const auto needs_plateau = [&](const char* name) {
    if (is_given(given, option_of(name)) && !plan.plateau)
      throw usage_error({.setting = name,
                         .problem = "the rate is not reduced on a plateau",
                         .expected = setting("reduce on plateau") + " N"});
  };
  for (const PlateauNumber& number : plateau_numbers) needs_plateau(number.setting);
  needs_plateau("plateau cooldown");
}

void add_schedule_settings(Json& configuration, const TrainingPlan& plan) {
  if (plan.schedule.kind != ScheduleKind::constant) configuration["schedule"] = word(plan.schedule.kind);
  for (const Parameter& parameter : parameters)
    if (const auto value = parameter.get(plan.schedule); value && has(plan.schedule.kind, parameter))
      configuration[parameter.key] = *value;
  if (!plan.plateau) return;
  configuration[plateau_key] = plan.plateau->patience;
  for (const PlateauNumber& number : plateau_numbers) configuration[number.key] = (*plan.plateau).*(number.value);
  configuration[cooldown_key] = plan.plateau->cooldown;
}

Schedule schedule_of(const JsonReader& configuration) {
  Schedule schedule;
  const auto name = configuration.find("schedule");
  if (!name) return schedule;
  const std::optional<ScheduleKind> kind = schedule_kind(name->text());
  if (!kind) throw name->error("unknown schedule", "constant, step, exponential, cosine, ...", quoted(name->text()));
  schedule.kind = *kind;
  for (const Parameter& parameter : parameters)
    if (const auto value = configuration.find(parameter.key)) {
      const NumberRange& range = parameter.range;
      if (!(value->number() >= range.lowest && value->number() <= range.highest))
        throw value->error("out of range", fmt::format("between {} and {}", range.lowest, range.highest));
      parameter.set(schedule, value->number());
    }
  return schedule;
}

std::optional<Plateau> plateau_of(const JsonReader& configuration) {
  const auto patience = configuration.find(plateau_key);
  if (!patience) return std::nullopt;
  Plateau plateau{.patience = patience->count()};
  for (const PlateauNumber& number : plateau_numbers) plateau.*(number.value) = configuration.at(number.key).number();
  plateau.cooldown = static_cast<std::uint32_t>(configuration.at(cooldown_key).whole_number());
  if (!(plateau.factor >= 0 && plateau.factor < 1))
    throw configuration.at("plateau_factor").error("out of range", "from 0 to below 1");
  return plateau;
}

double learning_rate_of(const Checkpoint& checkpoint, const std::string& source) {
  const Json& configuration = checkpoint.record.configuration;
  const JsonReader run(configuration, source);
  const TrainingPosition& now = checkpoint.position;
  TrainingPlan plan;
  plan.learning_rate = run.at("learning_rate").number();
  plan.schedule = schedule_of(run);
  plan.plateau = plateau_of(run);
  if (plan.schedule.kind == ScheduleKind::constant && !plan.plateau) return plan.learning_rate;
  plan.epochs = run.at("epochs").count();
  plan.monitor = monitor_of(configuration, now.history);
  const std::uint64_t images = training_images(checkpoint.record),
                      steps = std::max<std::uint64_t>(steps_an_epoch(images, run.at("batch").count()), 1),
                      next = (now.epoch - 1) * steps + now.step + 1;
  return learning_rate(plan, now.history, std::min(next, steps * plan.epochs), steps);
}

std::string schedule_words(const TrainingPlan& plan) {
  std::string words;
  if (plan.schedule.kind != ScheduleKind::constant) words += fmt::format(" --schedule {}", word(plan.schedule.kind));
  for (const Parameter& parameter : parameters)
    if (const auto value = parameter.get(plan.schedule); value && has(plan.schedule.kind, parameter))
      words += fmt::format(" {} {}", option_of(parameter.setting), *value);
  if (!plan.plateau) return words;
  words += fmt::format(" {} {}", option_of("reduce on plateau"), plan.plateau->patience);
  for (const PlateauNumber& number : plateau_numbers)
    words += fmt::format(" {} {}", option_of(number.setting), (*plan.plateau).*(number.value));
  return words + fmt::format(" {} {}", option_of("plateau cooldown"), plan.plateau->cooldown);
}

void take_schedule(TrainOptions& options, const JsonReader& configuration, const std::vector<std::string>& given) {
  TrainingPlan& plan = options.plan;
  const std::optional<Plateau> plateau = plateau_of(configuration);
  const Schedule of_run = schedule_of(configuration);
  const std::uint32_t epochs_of_run = configuration.at("epochs").count();
  const std::string name = word(of_run.kind), again = setting("schedule") + " " + name;
  if (options.schedule.empty()) {
    take_plateau(options, plateau, given);
    for (const Parameter& parameter : parameters) {
      const std::optional<double> then = parameter.get(of_run), now = parameter.get(plan.schedule);
      if (is_given(given, option_of(parameter.setting)) && then != now)
        throw other_one(parameter.setting, shown(then), shown(now), again + " beside it goes on with another schedule");
    }
    if (depends_on_epochs(of_run.kind) && plan.epochs != epochs_of_run)
      throw usage_error({.setting = "epochs",
                         .problem = fmt::format("the schedule of the run to resume, {}, depends on them", name),
                         .expected = fmt::format("{}", epochs_of_run),
                         .got = fmt::format("{}", plan.epochs),
                         .hint = again + " beside it goes on with that of the new number of epochs"});
    plan.schedule = of_run;
    return;
  }
  for (const Parameter& parameter : parameters)
    if (const auto then = parameter.get(of_run);
        then && plan.schedule.kind == of_run.kind && !is_given(given, option_of(parameter.setting)))
      parameter.set(plan.schedule, *then);
  choose_plateau(options, plateau, plan.schedule.kind == of_run.kind, given);
  options.other_schedule = plan.schedule != of_run || plan.plateau != plateau ||
                           (depends_on_epochs(of_run.kind) && plan.epochs != epochs_of_run);
}

}  // namespace nib
