#include "commands/documented.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>

#include "tests/places.h"

namespace nib {
namespace {

using nlohmann::json;

struct Row {
  std::string key, type;
  bool optional = false;
};
using Section = std::vector<Row>;

/// Takes `end` away from the end of the text, and says whether it was there.
bool take_end(std::string& text, const std::string& end) {
  if (!text.ends_with(end)) return false;
  text.resize(text.size() - end.size());
  return true;
}

/// "| `key` | type | what |"
Row row_of(const std::string& line) {
  const std::size_t key_end = line.find("` | "), type_begin = key_end + 4;
  Row row{.key = line.substr(3, key_end - 3),
          .type = line.substr(type_begin, line.find(" |", type_begin) - type_begin)};
  row.optional = take_end(row.type, ", optional");
  return row;
}

std::map<std::string, Section> read_sections() {
  std::map<std::string, Section> sections;
  std::ifstream file(NIB_DOCUMENTS "/json.md");
  std::string title;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) {
      title = line.substr(line.find_first_not_of("# "));
      std::erase(title, '`');
    } else if (line.starts_with("| `")) {
      sections[title].push_back(row_of(line));
    }
  }
  return sections;
}

const std::map<std::string, Section>& sections() {
  static const std::map<std::string, Section> all = read_sections();
  return all;
}

class Comparison {
 public:
  std::vector<std::string> differences{};

  void compare(const json& value, const std::string& title, const std::string& place) {
    const auto found = sections().find(title);
    if (found == sections().end()) throw std::runtime_error("docs/json.md has no table of " + title);
    if (!value.is_object()) return differ(place, "no object");
    for (const Row& row : found->second) look_for(value, row, row.key, place);
    look_for_others(value, found->second, "", place);
  }

 private:
  void differ(const std::string& place, const std::string& what) { differences.push_back(place + ": " + what); }

  void look_for(const json& value, const Row& row, const std::string& rest, const std::string& place) {
    const std::size_t dot = rest.find('.');
    std::string name = rest.substr(0, dot);
    const bool each = take_end(name, "[]");
    if (!value.is_object() || !value.contains(name)) {
      if (!row.optional) differ(place + "." + name, "missing");
      return;
    }
    const json& member = value[name];
    if (dot == std::string::npos) return check_type(member, row.type, place + "." + name);
    if (!each) return look_for(member, row, rest.substr(dot + 1), place + "." + name);
    if (!member.is_array()) return differ(place + "." + name, "no array");
    for (const json& element : member) look_for(element, row, rest.substr(dot + 1), place + "." + name + "[]");
  }

  void look_for_others(const json& value, const Section& section, const std::string& path, const std::string& place) {
    for (const auto& [name, member] : value.items()) {
      const std::string key = path + name;
      const auto begins = [&](const std::string& begin) {
        return std::ranges::any_of(section, [&](const Row& row) { return row.key.starts_with(begin); });
      };
      if (begins(key + "[].")) {
        for (const json& element : member)
          if (element.is_object()) look_for_others(element, section, key + "[].", place);
      } else if (begins(key + ".")) {
        if (member.is_object()) look_for_others(member, section, key + ".", place);
      } else if (std::ranges::find(section, key, &Row::key) == section.end()) {
        differ(place + "." + key, "not documented");
      }
    }
  }

  void check_type(const json& value, std::string type, const std::string& place) {
    if (take_end(type, " or null") && value.is_null()) return;
    if (type.starts_with("part ")) return compare(value, type.substr(5), place);
    if (type.starts_with("array of ")) {
      if (!value.is_array()) return differ(place, "no array");
      for (const json& element : value) check_type(element, type.substr(9), place + "[]");
      return;
    }
    const std::map<std::string, bool> is = {{"text", value.is_string()},
                                            {"number", value.is_number()},
                                            {"whole number", value.is_number_unsigned()},
                                            {"true or false", value.is_boolean()},
                                            {"object", value.is_object()},
                                            {"free object", value.is_object()}};
    if (!is.contains(type)) throw std::runtime_error("docs/json.md has a type that is none: " + type);
    if (!is.at(type)) differ(place, "no " + type + ": " + value.dump());
  }
};

}  // namespace

std::vector<std::string> differences_from_documentation(const json& document, const std::string& title) {
  Comparison comparison;
  comparison.compare(document, title, title);
  return comparison.differences;
}

std::vector<std::string> documented_titles() {
  std::vector<std::string> titles;
  for (const auto& [title, section] : sections())
    if (title.starts_with("nib ")) titles.push_back(title);
  return titles;
}

}  // namespace nib
