#include "base/markup.h"

#include <gtest/gtest.h>

namespace nib {
namespace {

TEST(MarkupText, HoldsNothingThatMarkupWouldTakeApart) {
  EXPECT_EQ(markup_text("<b class=\"x\">'&'</b>"), "&lt;b class=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/b&gt;");
  EXPECT_EQ(markup_text("T-shirt/top 9,895"), "T-shirt/top 9,895");
}

TEST(MarkupText, HoldsNoBytesThatAreNotText) { EXPECT_EQ(markup_text("a\xff\x01"), "a\\xff\\x01"); }

TEST(MarkupText, IsNotCut) { EXPECT_EQ(markup_text(std::string(10'000, 'a')).size(), 10'000u); }

}  // namespace
}  // namespace nib
