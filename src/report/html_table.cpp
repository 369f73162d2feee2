#include "report/html_table.h"

#include <utility>

namespace nib {
namespace {

HtmlAttributes with_numbers(HtmlAttributes attributes, const HtmlColumn& column) {
  if (column.numbers) attributes.push_back({"class", "number"});
  return attributes;
}

}  // namespace

HtmlTable::HtmlTable(std::string caption, std::vector<HtmlColumn> columns)
    : caption_(std::move(caption)), columns_(std::move(columns)) {}

void HtmlTable::add_row(const std::vector<Html>& cells, const std::string& mark) {
  Html row;
  for (std::size_t index = 0; index < columns_.size(); ++index) {
    const HtmlColumn& column = columns_[index];
    row += index == 0 ? html_element("th", with_numbers({{"scope", "row"}}, column), cells[index])
                      : html_element("td", with_numbers({}, column), cells[index]);
  }
  rows_ += html_element("tr", mark.empty() ? HtmlAttributes() : HtmlAttributes{{"class", mark}}, row);
  rows_ += Html::trusted("\n");
}

Html HtmlTable::html() const {
  if (rows_.empty()) return {};
  Html titles;
  for (const HtmlColumn& column : columns_)
    titles += html_element("th", with_numbers({{"scope", "col"}}, column), html_text(column.title));
  return scroll_box(caption_, html_element("table", html_element("caption", caption_) +
                                                        html_element("thead", html_element("tr", titles)) +
                                                        html_element("tbody", rows_)));
}

Html scroll_box(const std::string& label, const Html& content) {
  return html_element("div", {{"class", "scroll"}, {"role", "group"}, {"aria-label", label}, {"tabindex", "0"}},
                      content);
}

}  // namespace nib
