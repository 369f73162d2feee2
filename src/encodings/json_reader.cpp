#include "encodings/json_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace nib {
namespace {

/// In lower case and one piece: "Avg_Pool" and "AvgPool" are the same word to those who write either.
std::string plain(std::string word) {
  std::erase_if(word, [](char letter) { return letter == '_' || letter == '-' || letter == ' '; });
  std::ranges::transform(word, word.begin(), [](unsigned char letter) { return std::tolower(letter); });
  return word;
}

/// The hint for a word that is not among `known`.
std::string hint_for(const std::string& word, const std::vector<std::string>& known,
                     std::span<const Meaning> meanings) {
  const auto did_you_mean = [](const std::string& name) { return "did you mean \"" + name + "\"?"; };
  const auto is_meant = [&](const Meaning& meaning) { return plain(meaning.word) == plain(word); };
  if (const auto meaning = std::ranges::find_if(meanings, is_meant); meaning != meanings.end()) {
    const auto ours = std::ranges::find_first_of(meaning->ours, known);
    return ours == meaning->ours.end() ? meaning->hint : did_you_mean(*ours);
  }
  std::string lower = word;
  std::ranges::transform(lower, lower.begin(), [](unsigned char letter) { return std::tolower(letter); });
  const auto near = nearest(lower, known);
  return near ? did_you_mean(*near) : "";
}

}  // namespace

JsonReader::JsonReader(const Json& value, const std::string& document, std::string path)
    : value_(&value), document_(&document), path_(std::move(path)) {}

JsonReader JsonReader::at(const std::string& key) const {
  const Json* found = object().find(key);
  if (!found) throw JsonReader(*value_, *document_, path_of(key)).error("key is missing");
  return {*found, *document_, path_of(key)};
}

std::optional<JsonReader> JsonReader::find(const std::string& key) const {
  const Json* found = object().find(key);
  if (!found || found->is_null()) return std::nullopt;
  return JsonReader(*found, *document_, path_of(key));
}

std::vector<std::pair<std::string, JsonReader>> JsonReader::members() const {
  std::vector<std::pair<std::string, JsonReader>> result;
  for (const Json::Member& member : object().members())
    result.emplace_back(member.key, JsonReader(member.value, *document_, path_of(member.key)));
  return result;
}

std::vector<JsonReader> JsonReader::items() const {
  std::vector<JsonReader> result;
  for (std::size_t index = 0; index < array().size(); ++index) result.push_back(item(index));
  return result;
}

std::vector<JsonReader> JsonReader::items(std::size_t size) const {
  const std::string expected = fmt::format("an array of {}", size);
  if (!value_->is_array()) throw wrong_type(expected);
  if (value_->size() != size) throw error("wrong length", expected, describe_json(*value_));
  return items();
}

JsonReader JsonReader::item(std::size_t index) const {
  return {array().at(index), *document_, fmt::format("{}[{}]", path_, index)};
}

const Json& JsonReader::object() const {
  if (!value_->is_object()) throw wrong_type("an object");
  return *value_;
}

const Json::Array& JsonReader::array() const {
  if (!value_->is_array()) throw wrong_type("an array");
  return value_->items();
}

bool JsonReader::boolean() const {
  if (!value_->is_bool()) throw wrong_type("true or false");
  return value_->boolean();
}

std::string JsonReader::text() const {
  if (!value_->is_text()) throw wrong_type("a string");
  return value_->text();
}

double JsonReader::number() const {
  if (!value_->is_number() || !std::isfinite(value_->number())) throw wrong_type("a number");
  return value_->number();
}

std::uint64_t JsonReader::whole_number() const {
  if (!value_->is_whole()) throw wrong_type("a whole number");
  return value_->whole();
}

std::uint32_t JsonReader::count() const {
  constexpr double most = std::numeric_limits<std::uint32_t>::max();
  const char* const expected = "a whole number of at least 1";
  if (!value_->is_number()) throw wrong_type(expected);
  const double number = value_->number();
  if (!(number >= 1 && number <= most) || number != std::floor(number))
    throw error("number out of range", expected, describe_json(*value_));
  return static_cast<std::uint32_t>(number);
}

std::vector<std::uint32_t> JsonReader::counts(std::size_t size) const {
  std::vector<std::uint32_t> numbers;
  for (const JsonReader& item : items(size)) numbers.push_back(item.count());
  return numbers;
}

std::array<std::uint32_t, 2> JsonReader::pair() const {
  const std::vector<std::uint32_t> numbers = counts(2);
  return {numbers[0], numbers[1]};
}

std::vector<std::uint64_t> JsonReader::whole_numbers() const {
  std::vector<std::uint64_t> result;
  for (std::size_t index = 0; index < array().size(); ++index) result.push_back(item(index).whole_number());
  return result;
}

std::vector<std::string> JsonReader::texts() const {
  std::vector<std::string> result;
  for (std::size_t index = 0; index < array().size(); ++index) result.push_back(item(index).text());
  return result;
}

std::size_t JsonReader::word_index(const std::vector<std::string>& words, std::span<const Meaning> meanings) const {
  const bool is_text = value_->is_text();
  const auto word = is_text ? std::ranges::find(words, value_->text()) : words.end();
  if (word == words.end()) {
    Problem problem = error(is_text ? "unknown value" : "wrong type", fmt::format("{}", fmt::join(words, " or ")),
                            describe_json(*value_))
                          .problem();
    if (is_text) problem.hint = hint_for(value_->text(), words, meanings);
    throw input_error(std::move(problem));
  }
  return static_cast<std::size_t>(word - words.begin());
}

void JsonReader::refuse_other_keys(const std::vector<std::string>& known, std::span<const Meaning> meanings) const {
  for (const auto& [key, reader] : members())
    if (std::ranges::find(known, key) == known.end()) {
      Problem problem = reader.error("unknown key", join_words(known)).problem();
      problem.hint = hint_for(key, known, meanings);
      throw input_error(std::move(problem));
    }
}

Error JsonReader::error(std::string problem, std::string expected, std::string got) const {
  return input_error({.file = *document_,
                      .field = path_,
                      .problem = std::move(problem),
                      .expected = std::move(expected),
                      .got = std::move(got)});
}

Error JsonReader::wrong_type(std::string expected) const {
  return error("wrong type", std::move(expected), describe_json(*value_));
}

std::string JsonReader::path_of(const std::string& key) const {
  constexpr std::size_t longest_key = 200;  // each element below it has a path with this key
  const std::string name = printable(key, longest_key);
  return path_.empty() ? name : path_ + "." + name;
}

}  // namespace nib
