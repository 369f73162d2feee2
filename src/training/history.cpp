#include "training/history.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

namespace nib {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

bool is_validated(const EpochResult& epoch) { return epoch.validation_loss || epoch.validation_accuracy; }

const HistoryColumn columns[] = {
    {"accuracy", [](const EpochResult& epoch) { return epoch.accuracy; }},
    {"loss", [](const EpochResult& epoch) { return epoch.loss; }},
    {"val_accuracy", [](const EpochResult& epoch) { return epoch.validation_accuracy.value_or(missing); },
     is_validated},
    {"val_loss", [](const EpochResult& epoch) { return epoch.validation_loss.value_or(missing); }, is_validated},
    {"learning_rate", [](const EpochResult& epoch) { return epoch.learning_rate.value_or(missing); },
     [](const EpochResult& epoch) { return epoch.learning_rate.has_value(); }},
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

/// As many epochs as the epochs' numbers say, or any column where there are none.
std::size_t epochs_of(const JsonReader& document) {
  const auto numbers = document.find("epoch");
  if (!numbers) {
    const Json::Object& members = document.object().members();
    const auto first = std::ranges::find_if(members, &Json::is_array, &Json::Member::value);
    return first == members.end() ? 0 : first->value.size();
  }
  const Json::Array& values = numbers->array();
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] != Json(i + 1))
      throw numbers->item(i).error("epochs out of order", std::to_string(i + 1), describe_json(values[i]));
  return values.size();
}

/// One figure of each epoch; null stands for a number that is not finite.
std::vector<double> read_column(const JsonReader& column, std::size_t epochs) {
  const Json& value = column.value();
  if (!value.is_array() || value.size() != epochs)
    throw column.error(value.is_array() ? "wrong length" : "wrong type", fmt::format("an array of {}", epochs),
                       describe_json(value));
  std::vector<double> figures;
  for (const Json& figure : value.items()) {
    if (!figure.is_null() && !figure.is_number())
      throw column.item(figures.size()).error("wrong type", "a number or null", describe_json(figure));
    figures.push_back(figure.is_null() ? missing : figure.number());
  }
  return figures;
}

}  // namespace

std::vector<HistoryColumn> history_columns(const History& history) {
  std::vector<HistoryColumn> chosen;
  std::ranges::copy_if(columns, std::back_inserter(chosen), [&](const HistoryColumn& column) {
    return column.is_told == nullptr || std::ranges::any_of(history, column.is_told);
  });
  return chosen;
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
  for (std::size_t i = 0; i < history.size(); ++i) {
    history[i].epoch = static_cast<std::uint32_t>(i + 1);
    history[i].accuracy = history[i].loss = history[i].seconds = missing;
  }
  const auto read = [&](const char* name, auto figure) {
    const auto column = document.find(name);
    if (!column) return;
    const std::vector<double> figures = read_column(*column, history.size());
    for (std::size_t i = 0; i < history.size(); ++i) history[i].*figure = figures[i];
  };
  read("accuracy", &EpochResult::accuracy);
  read("loss", &EpochResult::loss);
  read("val_accuracy", &EpochResult::validation_accuracy);
  read("val_loss", &EpochResult::validation_loss);
  read("learning_rate", &EpochResult::learning_rate);
  read("seconds", &EpochResult::seconds);
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
