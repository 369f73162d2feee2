#include "report/html.h"

#include <gtest/gtest.h>

namespace nib {
namespace {

TEST(Html, EscapesWhateverCouldEndATextOrAnAttribute) {
  EXPECT_EQ(html_text(R"(<a href="x">'&'</a>)").markup(), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
  EXPECT_EQ(html_element("i", {{"title", R"("><script>)"}}, html_text("x")).markup(),
            "<i title=\"&quot;&gt;&lt;script&gt;\">x</i>");
}

TEST(Html, KeepsCharactersOfAllScripts) { EXPECT_EQ(html_text("Ziffer „7“ 数字").markup(), "Ziffer „7“ 数字"); }

TEST(Html, ShowsControlBytesAndInvalidUtf8AsNumbers) {
  EXPECT_EQ(html_text(std::string("a\0b\x1b\xff", 5)).markup(), "a\\x00b\\x1b\\xff");
}

TEST(Html, KeepsLinesOnlyWhereTheyAreWanted) {
  EXPECT_EQ(html_lines("one\n\n<two>").markup(), "one\n\n&lt;two&gt;");
  EXPECT_EQ(html_lines("one\n").markup(), "one\n");
  EXPECT_EQ(html_text("one\ntwo").markup(), "one\\x0atwo");
}

TEST(Html, NestsElementsWithoutEscapingThemAgain) {
  EXPECT_EQ(html_element("p", html_element("b", "1 < 2") + html_text(" & so on")).markup(),
            "<p><b>1 &lt; 2</b> &amp; so on</p>");
}

TEST(Html, WritesVoidElementsWithoutAnEnd) {
  EXPECT_EQ(html_void_element("meta", {{"charset", "utf-8"}}).markup(), "<meta charset=\"utf-8\">");
}

}  // namespace
}  // namespace nib
