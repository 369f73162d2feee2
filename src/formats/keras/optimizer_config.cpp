#include "formats/keras/optimizer_config.h"

#include <fmt/core.h>

#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace nib::keras {
namespace {

/// nib's schedules are told in epochs of a run that begins with them; Keras's goes on by steps, and a file that has one
/// has no rate.
Error has_schedule(const JsonReader& rate) {
  const std::optional<JsonReader> name = rate.value().is_object() ? rate.find("class_name") : std::nullopt;
  Problem problem = rate.error("a training with a schedule of Keras cannot go on here", "a number",
                               name ? printable(name->text(), 60) : "a schedule")
                        .problem();
  problem.hint = setting("weights") + " starts a new training from the file's weights, " + setting("schedule") +
                 " with a schedule of nib";
  return input_error(std::move(problem));
}

using Variables = std::vector<std::vector<OptimizerVariable>>;

Variables variables(const Adam&) { return {{{0, "momentum"}, {1, "velocity"}}}; }
Variables variables(const AmsGrad&) { return {{{0, "momentum"}, {1, "velocity"}}, {{2, "velocity_hat"}}}; }
Variables variables(const Sgd&) { return {}; }
Variables variables(const Momentum&) { return {{{0, "momentum"}}}; }
Variables variables(const Nesterov&) { return {{{0, "momentum"}}}; }
Variables variables(const RmsProp&) { return {{{0, "velocity"}}}; }

/// The class, and what it has beside what all classes have.
struct Class {
  const char* name;
  const char* prefix;
  Json settings;
};

template <typename AnyAdam>
Class adam_class(const AnyAdam& adam, bool amsgrad) {
  return {"Adam",
          "adam",
          {{"beta_1", adam.beta1}, {"beta_2", adam.beta2}, {"epsilon", adam.epsilon}, {"amsgrad", amsgrad}}};
}
Class sgd_class(double momentum, bool nesterov) {
  return {"SGD", "sgd", {{"momentum", momentum}, {"nesterov", nesterov}}};
}

Class class_of(const Adam& adam) { return adam_class(adam, false); }
Class class_of(const AmsGrad& adam) { return adam_class(adam, true); }
Class class_of(const Sgd&) { return sgd_class(0.0, false); }
Class class_of(const Momentum& momentum) { return sgd_class(momentum.momentum, false); }
Class class_of(const Nesterov& momentum) { return sgd_class(momentum.momentum, true); }
Class class_of(const RmsProp& rms) {
  return {"RMSprop", "rm_sprop", {{"rho", rms.rho}, {"momentum", 0.0}, {"epsilon", rms.epsilon}, {"centered", false}}};
}

Class class_of(const Optimizer& optimizer) {
  return std::visit([](const auto& rule) { return class_of(rule); }, optimizer.rule);
}

bool is_off(const Json& value) {
  return value.is_null() || value == Json(false) || (value.is_number() && value.number() == 0);
}

/// Settings that nib has not.
constexpr std::array foreign{"clipnorm", "clipvalue", "ema_overwrite_frequency",    "loss_scale_factor",
                             "momentum", "centered",  "gradient_accumulation_steps"};

void check_off(const JsonReader& config, const char* key) {
  if (const auto given = config.find(key); given && !is_off(given->value()))
    throw given->error("nib's optimizers have no such setting", "null", printable(json_line(given->value()), 60));
}

bool is_on(const JsonReader& config, const char* key) {
  const auto given = config.find(key);
  return given && given->boolean();
}

/// A setting may have gone through a float; one that is missing is Keras's default, and that nib's.
void check_equal(const JsonReader& config, const char* key, double value) {
  const auto given = config.find(key);
  if (given && !(std::abs(given->number() - value) <= 1e-6 * std::abs(value)))
    throw given->error("nib trains with another setting", fmt::format("{}", value), json_line(given->value()));
}

template <typename AnyAdam>
AnyAdam read_adam(const JsonReader& config) {
  AnyAdam adam;
  check_equal(config, "beta_1", adam.beta1);
  check_equal(config, "beta_2", adam.beta2);
  check_equal(config, "epsilon", adam.epsilon);
  return adam;
}

Optimizer read_rule(const JsonReader& kind, const JsonReader& config) {
  const std::string name = kind.text();
  if (name == "Adam" || name == "AdamW") {
    if (is_on(config, "amsgrad")) return {.rule = read_adam<AmsGrad>(config)};
    return {.rule = read_adam<Adam>(config)};
  }
  if (name == "SGD") {
    const auto momentum = config.find("momentum");
    if (!momentum || is_off(momentum->value())) return {.rule = Sgd{}};
    check_equal(config, "momentum", Momentum{}.momentum);
    if (is_on(config, "nesterov")) return {.rule = Nesterov{}};
    return {.rule = Momentum{}};
  }
  if (name == "RMSprop") {
    check_equal(config, "rho", RmsProp{}.rho);
    check_equal(config, "epsilon", RmsProp{}.epsilon);
    check_off(config, "momentum");
    return {.rule = RmsProp{}};
  }
  throw kind.error("nib trains with other optimizers", "Adam, SGD or RMSprop", printable(name, 60));
}

}  // namespace

std::vector<std::vector<OptimizerVariable>> optimizer_variables(const Optimizer& optimizer) {
  Variables all = std::visit([](const auto& rule) { return variables(rule); }, optimizer.rule);
  if (optimizer.average) all.insert(all.begin(), {{moment_names(optimizer).size() - 1, "average"}});
  return all;
}

std::string optimizer_prefix(const Optimizer& optimizer) { return class_of(optimizer).prefix; }

Json optimizer_config(const Optimizer& optimizer, double learning_rate) {
  const Class kind = class_of(optimizer);
  Json config = kind.settings;
  config["name"] = kind.prefix;
  config["learning_rate"] = learning_rate;
  if (optimizer.clip_norm) config["global_clipnorm"] = *optimizer.clip_norm;
  if (optimizer.average) {
    config["use_ema"] = true;
    config["ema_momentum"] = *optimizer.average;
  }
  return {{"module", "keras.optimizers"}, {"class_name", kind.name}, {"config", config}, {"registered_name", nullptr}};
}

Optimizer read_optimizer(const JsonReader& optimizer) {
  const JsonReader kind = optimizer.at("class_name"), config = optimizer.at("config");
  Optimizer read = read_rule(kind, config);
  for (const char* key : foreign)
    if (kind.text() != "SGD" || std::string_view(key) != "momentum") check_off(config, key);
  if (const auto decay = config.find("weight_decay"); decay && !is_off(decay->value()))
    throw decay->error("nib leaves biases out of the weight decay, Keras does not", "null",
                       printable(json_line(decay->value()), 60));
  if (const auto norm = config.find("global_clipnorm"); norm && !is_off(norm->value())) {
    read.clip_norm = norm->number();
    if (!(*read.clip_norm >= least_clip_norm && *read.clip_norm <= greatest_clip_norm))
      throw norm->error("out of range", fmt::format("between {} and {}", least_clip_norm, greatest_clip_norm),
                        json_line(norm->value()));
  }
  if (is_on(config, "use_ema")) {
    const JsonReader keep = config.at("ema_momentum");
    read.average = keep.number();
    if (!(*read.average >= 0 && *read.average < 1))
      throw keep.error("out of range", "from 0 to below 1", json_line(keep.value()));
  }
  if (const JsonReader rate = config.at("learning_rate"); !rate.value().is_number()) throw has_schedule(rate);
  return read;
}

}  // namespace nib::keras
