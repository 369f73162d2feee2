#include "ranks/facts.h"

#include <string_view>
#include <utility>

#include "base/text.h"

namespace nib {
namespace {

constexpr char end = '\1';  // of a name or a value; zeros may follow the last one

std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t next = text.find(end); next != std::string_view::npos; next = text.find(end)) {
    parts.emplace_back(text.substr(0, next));
    text.remove_prefix(next + 1);
  }
  return parts;
}

/// Empty where it is not there.
std::string value_of(const std::string& name, const std::vector<std::string>& parts) {
  for (std::size_t i = 0; i + 1 < parts.size(); i += 2)
    if (parts[i] == name) return parts[i + 1];
  return "";
}

std::string shown(const std::string& value) {
  constexpr std::size_t longest = 100;
  return value.empty() ? "nothing" : printable(value, longest);
}

}  // namespace

std::string fact_text(const std::vector<RankFact>& facts) {
  std::string text;
  for (const RankFact& fact : facts) ((text += fact.name) += end).append(fact.value) += end;
  return text;
}

std::optional<Error> first_difference(const std::vector<RankFact>& facts, const std::vector<std::string>& texts) {
  const std::vector<std::string> of_leader = parts_of(texts.front());
  for (std::size_t rank = 1; rank < texts.size(); ++rank) {
    const std::vector<std::string> parts = parts_of(texts[rank]);
    const auto differs = [&](const RankFact& fact, const std::string& expected, const std::string& got) {
      return Error(fact.code, {.file = "rank " + std::to_string(rank),
                               .field = fact.name,
                               .problem = "is not that of rank 0",
                               .expected = shown(expected),
                               .got = shown(got),
                               .hint = "all ranks need the same program, data and settings, and processors with the "
                                       "same instructions"});
    };
    for (const RankFact& fact : facts) {
      const std::string expected = value_of(fact.name, of_leader), got = value_of(fact.name, parts);
      if (expected != got) return differs(fact, expected, got);
    }
    // Of what this rank itself has nothing.
    for (std::size_t i = 0; i + 1 < parts.size() || i + 1 < of_leader.size(); i += 2) {
      const std::string& name = i + 1 < parts.size() ? parts[i] : of_leader[i];
      if (const std::string expected = value_of(name, of_leader), got = value_of(name, parts); expected != got)
        return differs({name, {}}, expected, got);
    }
  }
  return std::nullopt;
}

}  // namespace nib
