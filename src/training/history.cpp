#include "training/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace nib {
namespace {

/// One named figure of every epoch, in the order of the files.
struct Column {
  const char* name;
  double (*value)(const EpochResult&);
  bool of_validation = false;
};

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

const Column columns[] = {
    {"accuracy", [](const EpochResult& epoch) { return epoch.accuracy; }},
    {"loss", [](const EpochResult& epoch) { return epoch.loss; }},
    {"val_accuracy", [](const EpochResult& epoch) { return epoch.validation_accuracy.value_or(missing); }, true},
    {"val_loss", [](const EpochResult& epoch) { return epoch.validation_loss.value_or(missing); }, true},
    {"seconds", [](const EpochResult& epoch) { return epoch.seconds; }},
};

std::vector<Column> columns_of(const History& history) {
  const bool validated = std::any_of(history.begin(), history.end(),
                                     [](const EpochResult& epoch) { return epoch.validation_loss.has_value(); });
  std::vector<Column> chosen;
  std::copy_if(std::begin(columns), std::end(columns), std::back_inserter(chosen),
               [&](const Column& column) { return validated || !column.of_validation; });
  return chosen;
}

std::string json_number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "null"; }

}  // namespace

std::string history_csv(const History& history) {
  const std::vector<Column> chosen = columns_of(history);
  std::string text = "epoch";
  for (const Column& column : chosen) text += fmt::format(",{}", column.name);
  text += '\n';
  for (const EpochResult& epoch : history) {
    text += fmt::format("{}", epoch.epoch);
    for (const Column& column : chosen) text += fmt::format(",{:.9g}", column.value(epoch));
    text += '\n';
  }
  return text;
}

std::string history_json(const History& history) {
  std::string text = "{\n  \"epoch\": [";
  const char* separator = "";
  for (const EpochResult& epoch : history) {
    text += fmt::format("{}{}", separator, epoch.epoch);
    separator = ", ";
  }
  text += ']';
  for (const Column& column : columns_of(history)) {
    text += fmt::format(",\n  \"{}\": [", column.name);
    separator = "";
    for (const EpochResult& epoch : history) {
      text += separator + json_number(column.value(epoch));
      separator = ", ";
    }
    text += ']';
  }
  text += "\n}\n";
  return text;
}

}  // namespace nib
