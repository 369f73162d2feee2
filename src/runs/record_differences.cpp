#include "runs/record_differences.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "base/text.h"
#include "formats/weights.h"

namespace nib {
namespace {

constexpr std::size_t tensor_digits = 8;

/// The places that training does not decide, with all that is below them; "[]" stands for any element.
constexpr std::array<std::string_view, 30> of_the_making = {
    // when
    "started", "finished", "seconds", "history.seconds", "stops",
    // where and on what
    "folder", "program", "machine", "engine", "ranks", "peak_memory_bytes", "configuration.device",
    "configuration.threads", "configuration.stream", "configuration.data", "configuration.validation_data",
    "configuration.start_weights", "configuration.network_file", "data.folder", "data.files[].path",
    "data.files[].gzipped",
    // how it was called, and which files came of it; those of the history hold its seconds
    "status", "reason", "command", "configuration.pictures", "files", "logs", "file_sha256.history.csv",
    "file_sha256.history.json", "record_sha256"};

std::string without_indices(std::string_view field) {
  std::string text;
  bool inside = false;
  for (const char letter : field) {
    if (letter == ']') inside = false;
    if (!inside) text += letter;
    if (letter == '[') inside = true;
  }
  return text;
}

std::string shown(const Json& value) {
  constexpr std::size_t longest = 80;
  return value.is_structured() ? describe_json(value) : printable(json_line(value), longest);
}

class Comparison {
 public:
  Comparison(bool both, const Looked& looked) : both_(both), looked_(looked) {}

  void compare(const Json& expected, const Json& got, const std::string& field) {
    if (!field.empty() && !looked_(field)) return;
    if (expected == got) return;
    if (expected.is_object() && got.is_object()) return compare_members(expected, got, field);
    if (expected.is_array() && got.is_array() && expected.size() == got.size()) {
      for (std::size_t i = 0; i < expected.size(); ++i)
        compare(expected.items()[i], got.items()[i], fmt::format("{}[{}]", field, i));
      return;
    }
    found.push_back({.field = field, .expected = shown(expected), .got = shown(got)});
  }

  std::vector<Difference> found{};

 private:
  void compare_members(const Json& expected, const Json& got, const std::string& field) {
    const auto place = [&](const std::string& key) { return field.empty() ? key : field + '.' + key; };
    for (const Json::Member& member : expected.members()) {
      if (const Json* const other = got.find(member.key))
        compare(member.value, *other, place(member.key));
      else if (looked_(place(member.key)))
        found.push_back({.field = place(member.key), .expected = shown(member.value), .got = "nothing"});
    }
    if (!both_) return;
    for (const Json::Member& member : got.members())
      if (expected.find(member.key) == nullptr && looked_(place(member.key)))
        found.push_back({.field = place(member.key), .expected = "nothing", .got = shown(member.value)});
  }

  bool both_;
  const Looked& looked_;
};

}  // namespace

std::vector<Difference> differences(const Json& expected, const Json& got, bool both, const Looked& looked) {
  Comparison comparison(both, looked);
  comparison.compare(expected, got, "");
  return std::move(comparison.found);
}

bool is_decided_by_training(std::string_view field) {
  const std::string place = without_indices(field);
  return std::ranges::none_of(of_the_making, [&](std::string_view other) {
    return place.starts_with(other) &&
           (place.size() == other.size() || place[other.size()] == '.' || place[other.size()] == '[');
  });
}

EpochWeights epoch_weights(const Parameters& weights, bool with_tensors) {
  if (!with_tensors) return {.sha256 = weights_sha256(weights)};
  const std::vector<std::string> hashes = running_sha256(weights);
  EpochWeights epoch{.sha256 = hashes.back()};
  for (const std::string& hash : hashes)
    epoch.tensors += (epoch.tensors.empty() ? "" : " ") + hash.substr(0, tensor_digits);
  return epoch;
}

std::string first_other_tensor(const EpochWeights& recorded, const Parameters& weights) {
  const EpochWeights found = epoch_weights(weights);
  if (found.sha256 == recorded.sha256) return "";
  std::istringstream expected(recorded.tensors), got(found.tensors);
  std::string one, other;
  for (const Tensor& tensor : weights.tensors) {
    if (!(expected >> one)) break;
    got >> other;
    if (one != other) return tensor.name;
  }
  return "weights";
}

}  // namespace nib
