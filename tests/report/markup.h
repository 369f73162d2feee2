#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nib::test {

/// A start tag of a page.
struct Tag {
  std::string name;
  std::map<std::string, std::string> attributes{};  ///< values as they are written
};

/// Reads a page more strictly than a browser: every tag closes what was opened last, attributes are quoted and stand
/// once, "<" and "&" are only markup. Throws std::runtime_error with the place where it is not so.
std::vector<Tag> read_tags(std::string_view page);

}  // namespace nib::test
