#include "report/html.h"

#include <fmt/core.h>

#include <utility>

#include "base/markup.h"

namespace nib {
namespace {

std::string start_tag(std::string_view name, const HtmlAttributes& attributes) {
  std::string tag = fmt::format("<{}", name);
  for (const auto& [key, value] : attributes) tag += fmt::format(" {}=\"{}\"", key, markup_text(value));
  return tag + '>';
}

}  // namespace

Html Html::trusted(std::string markup) {
  Html html;
  html.markup_ = std::move(markup);
  return html;
}

Html& Html::operator+=(const Html& other) {
  markup_ += other.markup_;
  return *this;
}

Html html_text(std::string_view text) { return Html::trusted(markup_text(text)); }

Html html_lines(std::string_view text) {
  std::string markup;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    markup += markup_text(text.substr(begin, end - begin));
    if (end == std::string_view::npos) break;
    markup += '\n';
    begin = end + 1;
  }
  return Html::trusted(std::move(markup));
}

Html html_element(std::string_view name, const HtmlAttributes& attributes, const Html& content) {
  return Html::trusted(start_tag(name, attributes) + content.markup() + fmt::format("</{}>", name));
}

Html html_element(std::string_view name, const Html& content) { return html_element(name, {}, content); }

Html html_element(std::string_view name, std::string_view text) { return html_element(name, html_text(text)); }

Html html_void_element(std::string_view name, const HtmlAttributes& attributes) {
  return Html::trusted(start_tag(name, attributes));
}

}  // namespace nib
