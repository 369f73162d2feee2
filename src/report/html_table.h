#pragma once

#include <string>
#include <vector>

#include "report/html.h"

namespace nib {

struct HtmlColumn {
  std::string title;
  bool numbers = false;  ///< set flush right, digits under digits
};

/// A table with a caption and a header for each column and row. Where it is wider than the page it scrolls in a box of
/// its own.
class HtmlTable {
 public:
  HtmlTable(std::string caption, std::vector<HtmlColumn> columns);

  /// One cell a column, the first of which is the row's header. `mark` is a class of the style sheet.
  void add_row(const std::vector<Html>& cells, const std::string& mark = {});
  bool empty() const { return rows_.empty(); }
  /// The table, or nothing without rows.
  Html html() const;

 private:
  std::string caption_;
  std::vector<HtmlColumn> columns_;
  Html rows_;
};

/// A box that scrolls sideways, with the keyboard too; `label` says what is in it.
Html scroll_box(const std::string& label, const Html& content);

}  // namespace nib
