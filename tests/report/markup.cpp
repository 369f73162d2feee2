#include "report/markup.h"

#include <algorithm>
#include <array>
#include <regex>
#include <stdexcept>

namespace nib::test {
namespace {

constexpr std::array<std::string_view, 2> void_elements = {"meta", "link"};

class Reader {
 public:
  explicit Reader(std::string_view page) : rest_(page) {}

  std::vector<Tag> read() {
    skip("<!DOCTYPE html>");
    while (!rest_.empty()) {
      check_text(take_until('<'));
      if (rest_.empty()) break;
      rest_.starts_with("</") ? end_tag() : start_tag();
    }
    if (!open_.empty()) fail("not closed: " + open_.back());
    return tags_;
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw std::runtime_error(problem + " before: " + std::string(rest_.substr(0, 80)));
  }

  void skip(std::string_view text) {
    if (!rest_.starts_with(text)) fail("expected " + std::string(text));
    rest_.remove_prefix(text.size());
  }

  std::string take_until(char end) {
    const std::size_t length = std::min(rest_.find(end), rest_.size());
    std::string taken(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return taken;
  }

  void check_text(const std::string& text) const {
    static const std::regex bare("&(?!(amp|lt|gt|quot|#39);)|>");
    if (std::regex_search(text, bare)) fail("not escaped: " + text);
  }

  void start_tag() {
    static const std::regex pattern(R"(^<([a-z][a-z0-9]*)((?: [a-zA-Z-]+="[^"<>]*")*)(/?)>)");
    std::match_results<std::string_view::const_iterator> match;
    if (!std::regex_search(rest_.begin(), rest_.end(), match, pattern)) fail("not a start tag");
    Tag tag{.name = match[1]};
    read_attributes(match[2], tag);
    const bool closed = match[3].length() > 0 || std::ranges::find(void_elements, tag.name) != void_elements.end();
    rest_.remove_prefix(static_cast<std::size_t>(match.length()));
    if (!closed) open_.push_back(tag.name);
    tags_.push_back(tag);
    if (tag.name == "script" || tag.name == "style") rest_.remove_prefix(rest_.find("</" + tag.name));
  }

  void read_attributes(const std::string& text, Tag& tag) const {
    static const std::regex pattern(R"re(([a-zA-Z-]+)="([^"]*)")re");
    for (std::sregex_iterator each(text.begin(), text.end(), pattern); each != std::sregex_iterator(); ++each) {
      check_text((*each)[2]);
      if (!tag.attributes.emplace((*each)[1], (*each)[2]).second) fail("attribute twice in " + tag.name);
    }
  }

  void end_tag() {
    skip("</");
    const std::string name = take_until('>');
    skip(">");
    if (open_.empty() || open_.back() != name) fail("closes what is not open: " + name);
    open_.pop_back();
  }

  std::string_view rest_;
  std::vector<std::string> open_;
  std::vector<Tag> tags_;
};

}  // namespace

std::vector<Tag> read_tags(std::string_view page) { return Reader(page).read(); }

}  // namespace nib::test
