#include "training/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace nib {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

const HistoryColumn columns[] = {
    {"accuracy", [](const EpochResult& epoch) { return epoch.accuracy; }},
    {"loss", [](const EpochResult& epoch) { return epoch.loss; }},
    {"val_accuracy", [](const EpochResult& epoch) { return epoch.validation_accuracy.value_or(missing); }, true},
    {"val_loss", [](const EpochResult& epoch) { return epoch.validation_loss.value_or(missing); }, true},
    {"seconds", [](const EpochResult& epoch) { return epoch.seconds; }},
};

std::string json_number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : "null"; }

/// A number as history.json has it: without a fraction where it has none.
Json json_value(double value) {
  if (!std::isfinite(value)) return nullptr;
  constexpr double largest_whole = 1e15;
  if (value >= 0 && value < largest_whole && value == std::floor(value)) return static_cast<std::uint64_t>(value);
  return value;
}

bool is_validated(const History& history) {
  return std::ranges::any_of(history, [](const EpochResult& epoch) { return epoch.validation_loss.has_value(); });
}

/// As many epochs as the epochs' numbers say, or any column where there are none.
std::size_t epochs_of(const JsonReader& document) {
  const auto numbers = document.find("epoch");
  if (!numbers) {
    for (const auto& [name, column] : document.members())
      if (column.is_array()) return column.items().size();
    return 0;
  }
  const std::vector<JsonReader> items = numbers->items();
  for (std::size_t i = 0; i < items.size(); ++i)
    if (items[i].value() != Json(i + 1))
      throw items[i].error("epochs out of order", std::to_string(i + 1), describe_json(items[i].value()));
  return items.size();
}

/// One figure of each epoch; null stands for a number that is not finite.
std::vector<double> read_column(const JsonReader& column, std::size_t epochs) {
  const Json& value = column.value();
  if (!value.is_array() || value.size() != epochs)
    throw column.error(value.is_array() ? "wrong length" : "wrong type",
                       fmt::format("an array of {}{}", value.size() < epochs ? "at least " : "", epochs),
                       describe_json(value));
  std::vector<double> figures;
  for (const JsonReader& item : column.items()) {
    if (!item.is_null() && !item.value().is_number())
      throw item.error("wrong type", "a number or null", describe_json(item.value()));
    figures.push_back(item.is_null() ? missing : item.value().number());
  }
  return figures;
}

}  // namespace

std::vector<HistoryColumn> history_columns(const History& history) {
  std::vector<HistoryColumn> chosen;
  std::ranges::copy_if(columns, std::back_inserter(chosen), [validated = is_validated(history)](const auto& column) {
    return validated || !column.of_validation;
  });
  return chosen;
}

std::optional<std::uint32_t> best_epoch(const History& history) {
  const bool validated = is_validated(history);
  const auto loss = [&](const EpochResult& epoch) {
    return validated ? epoch.validation_loss.value_or(missing) : epoch.loss;
  };
  const EpochResult* best = nullptr;
  for (const EpochResult& epoch : history)
    if (!std::isnan(loss(epoch)) && (!best || loss(epoch) < loss(*best))) best = &epoch;
  return best ? std::optional(best->epoch) : std::nullopt;
}

Json history_to_json(const History& history) {
  Json numbers = Json::array();
  for (const EpochResult& epoch : history) numbers.push_back(epoch.epoch);
  Json document = {{"epoch", std::move(numbers)}};
  for (const HistoryColumn& column : history_columns(history)) {
    Json figures = Json::array();
    for (const EpochResult& epoch : history) figures.push_back(json_value(column.value(epoch)));
    document[column.name] = std::move(figures);
  }
  return document;
}

History history_from_json(const JsonReader& document) {
  History history(epochs_of(document));
  for (std::size_t i = 0; i < history.size(); ++i) history[i].epoch = static_cast<std::uint32_t>(i + 1);
  const auto read = [&](const char* name, const auto& set) {
    const auto column = document.find(name);
    const std::vector<double> figures =
        column ? read_column(*column, history.size()) : std::vector(history.size(), missing);
    for (std::size_t i = 0; i < history.size(); ++i) set(history[i], figures[i]);
  };
  read("accuracy", [](EpochResult& epoch, double figure) { epoch.accuracy = figure; });
  read("loss", [](EpochResult& epoch, double figure) { epoch.loss = figure; });
  read("seconds", [](EpochResult& epoch, double figure) { epoch.seconds = figure; });
  if (!document.find("val_accuracy") && !document.find("val_loss")) return history;
  read("val_accuracy", [](EpochResult& epoch, double figure) { epoch.validation_accuracy = figure; });
  read("val_loss", [](EpochResult& epoch, double figure) { epoch.validation_loss = figure; });
  return history;
}

std::string history_csv(const History& history) {
  const std::vector<HistoryColumn> chosen = history_columns(history);
  std::string text = "epoch";
  for (const HistoryColumn& column : chosen) text += fmt::format(",{}", column.name);
  text += '\n';
  for (const EpochResult& epoch : history) {
    text += fmt::format("{}", epoch.epoch);
    for (const HistoryColumn& column : chosen) text += fmt::format(",{:.9g}", column.value(epoch));
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
  for (const HistoryColumn& column : history_columns(history)) {
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
