#include <gmock/gmock.h>

#include <algorithm>

#include "base/hash.h"
#include "encodings/base64.h"
#include "report/markup.h"
#include "report/report_page.h"
#include "report/sample_report.h"

namespace nib {
namespace {

using nlohmann::ordered_json;
using test::read_tags;
using test::sample_page;
using test::sample_record;
using test::Tag;
using testing::HasSubstr;
using testing::Not;

const std::string attack = "\"'><script>alert(1)</script>&\n\x01";

/// Every text of a document replaced by one that would be markup if it were not escaped; keys that name free facts,
/// too.
ordered_json attacked(const ordered_json& value) {
  if (value.is_string()) return attack;
  if (!value.is_structured()) return value;
  ordered_json result = value;
  for (auto& each : result) each = attacked(each);
  return result;
}

std::size_t count_tags(const std::vector<Tag>& tags, const std::string& name) {
  return static_cast<std::size_t>(std::ranges::count(tags, name, &Tag::name));
}

TEST(ReportSafety, EscapesEveryTextOfARecord) {
  ordered_json record = attacked(sample_record());
  record["status"] = "interrupted";
  record["reason"] = attack;
  for (const char* place : {"configuration", "machine", "history"}) record[place][attack] = record[place].front();
  record["program"]["libraries"][attack] = attack;
  record["data"]["images"][attack] = 1;
  record["data"]["class_counts"][attack] = {1, 2, 3};
  const std::string page = sample_page(record);
  const std::vector<Tag> tags = read_tags(page);
  EXPECT_EQ(count_tags(tags, "script"), 1U);
  EXPECT_THAT(page, HasSubstr("&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;\\x0a\\x01"));
  EXPECT_EQ(count_tags(tags, "td"), count_tags(read_tags(sample_page(sample_record())), "td") + 3);
}

TEST(ReportSafety, EscapesTitlesCaptionsAndPreformattedTexts) {
  const RunRecord record;
  const std::string page =
      report_page({.record = record,
                   .classification = attack,
                   .figures = {{attack, attack, attack, "<svg></svg>"}, {attack, attack, attack}}});
  EXPECT_EQ(count_tags(read_tags(page), "script"), 1U);
}

TEST(ReportSafety, ForbidsEverythingButItsOwnStyleScriptAndPictures) {
  const std::string page = sample_page(sample_record());
  const std::size_t begin = page.find("<script>") + 8;
  const std::string script = page.substr(begin, page.find("</script>") - begin);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(script.data());
  const std::string hash = to_base64(sha256({bytes, script.size()}));
  EXPECT_THAT(page, HasSubstr("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; "
                              "style-src &#39;unsafe-inline&#39;; img-src data:; script-src &#39;sha256-" +
                              hash + "&#39;\">"));
}

TEST(ReportSafety, SetsItsPolicyBeforeAnythingElseCanLoad) {
  const std::vector<Tag> tags = read_tags(sample_page(sample_record()));
  const auto policy = std::ranges::find_if(tags, [](const Tag& tag) { return tag.attributes.contains("http-equiv"); });
  for (auto tag = tags.begin(); tag != policy; ++tag) EXPECT_THAT(tag->name, testing::AnyOf("html", "head", "meta"));
}

TEST(ReportSafety, RefersToNothingOutsideThePage) {
  std::string page = sample_page(sample_record());
  const std::string name_space = " xmlns=\"http://www.w3.org/2000/svg\"";
  for (std::size_t at = page.find(name_space); at != std::string::npos; at = page.find(name_space))
    page.erase(at, name_space.size());
  for (const char* text : {"http:", "https:", "url(", "@import", "file:", "=\"//"})
    EXPECT_THAT(page, Not(HasSubstr(text)));
  for (const Tag& tag : read_tags(page)) {
    EXPECT_FALSE(tag.attributes.contains("src"));
    const auto target = tag.attributes.find("href");
    if (target == tag.attributes.end()) continue;
    EXPECT_THAT(target->second, testing::AnyOf(testing::StartsWith("#"), testing::StartsWith("data:")));
  }
}

}  // namespace
}  // namespace nib
