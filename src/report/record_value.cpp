#include "report/record_value.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"

namespace nib {

using nlohmann::ordered_json;

namespace {

/// Also of texts that are not UTF-8.
std::string json_line(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string kind_of(const ordered_json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return fmt::format("an array of {}", value.size());
  return printable(json_line(value), 60);
}

}  // namespace

RecordValue::RecordValue(const ordered_json& value, const std::string& document, std::string path)
    : value_(&value), document_(&document), path_(std::move(path)) {}

std::optional<RecordValue> RecordValue::find(const std::string& key) const {
  if (!value_->is_object()) throw wrong_type("an object");
  const auto found = value_->find(key);
  if (found == value_->end() || found->is_null()) return std::nullopt;
  return RecordValue(*found, *document_, path_of(key));
}

std::vector<std::pair<std::string, RecordValue>> RecordValue::members() const {
  if (!value_->is_object()) throw wrong_type("an object");
  std::vector<std::pair<std::string, RecordValue>> result;
  for (const auto& [key, value] : value_->items())
    result.emplace_back(key, RecordValue(value, *document_, path_of(key)));
  return result;
}

std::vector<RecordValue> RecordValue::items() const {
  if (!value_->is_array()) throw wrong_type("an array");
  std::vector<RecordValue> result;
  for (const ordered_json& value : *value_)
    result.emplace_back(value, *document_, fmt::format("{}[{}]", path_, result.size()));
  return result;
}

std::string RecordValue::text() const {
  if (!value_->is_string()) throw wrong_type("a text");
  return value_->get<std::string>();
}

double RecordValue::number() const {
  if (!value_->is_number() || !std::isfinite(value_->get<double>())) throw wrong_type("a number");
  return value_->get<double>();
}

std::uint64_t RecordValue::count() const {
  const bool whole = value_->is_number_unsigned() || (value_->is_number_integer() && value_->get<std::int64_t>() >= 0);
  if (!whole) throw wrong_type("a whole number from 0");
  return value_->get<std::uint64_t>();
}

std::optional<std::string> RecordValue::find_text(const std::string& key) const {
  const auto found = find(key);
  return found ? std::optional(found->text()) : std::nullopt;
}

std::optional<double> RecordValue::find_number(const std::string& key) const {
  const auto found = find(key);
  return found ? std::optional(found->number()) : std::nullopt;
}

std::optional<std::uint64_t> RecordValue::find_count(const std::string& key) const {
  const auto found = find(key);
  return found ? std::optional(found->count()) : std::nullopt;
}

std::vector<RecordValue> RecordValue::find_items(const std::string& key) const {
  const auto found = find(key);
  return found ? found->items() : std::vector<RecordValue>();
}

std::vector<std::pair<std::string, RecordValue>> RecordValue::find_members(const std::string& key) const {
  const auto found = find(key);
  return found ? found->members() : std::vector<std::pair<std::string, RecordValue>>();
}

std::vector<std::uint64_t> RecordValue::counts() const {
  std::vector<std::uint64_t> result;
  for (const RecordValue& item : items()) result.push_back(item.count());
  return result;
}

std::string RecordValue::describe() const {
  if (value_->is_null()) return "not set";
  if (value_->is_boolean()) return value_->get<bool>() ? "yes" : "no";
  return value_->is_string() ? value_->get<std::string>() : json_line(*value_);
}

Error RecordValue::error(std::string problem, std::string expected, std::string got) const {
  return input_error({.file = *document_,
                      .field = printable(path_),
                      .problem = std::move(problem),
                      .expected = std::move(expected),
                      .got = std::move(got)});
}

Error RecordValue::wrong_type(std::string expected) const {
  return error("wrong type", std::move(expected), kind_of(*value_));
}

std::string RecordValue::path_of(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }

}  // namespace nib
