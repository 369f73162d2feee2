#include "report/report_page.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "report/markup.h"
#include "report/sample_report.h"
#include "runs/record_of.h"

namespace nib {
namespace {

using nlohmann::ordered_json;
using test::read_tags;
using test::record_of;
using test::sample_content;
using test::sample_page;
using test::sample_record;
using test::Tag;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> texts_between(const std::string& page, const std::string& begin, const std::string& end) {
  std::vector<std::string> found;
  for (std::size_t at = page.find(begin); at != std::string::npos; at = page.find(begin, at)) {
    at += begin.size();
    found.push_back(page.substr(at, page.find(end, at) - at));
  }
  return found;
}

TEST(ReportPage, ClosesEveryTagInOrder) { EXPECT_NO_THROW(read_tags(sample_page(sample_record()))); }

TEST(ReportPage, ShowsTheHeadlineFigures) {
  const std::string page = sample_page(sample_record());
  EXPECT_THAT(page, HasSubstr("<h1>MNIST</h1>"));
  EXPECT_THAT(page, HasSubstr("26 November 2026, 01:04 UTC"));
  EXPECT_THAT(texts_between(page, "<span class=\"value\">", "</span>"),
              ElementsAre("90.00\u00a0%", "10", "0.2500", "14.50\u00a0s", "7.25\u00a0s", "CPU"));
  EXPECT_THAT(page, HasSubstr("95 % interval 82.56 to 94.48\u00a0%"));
}

TEST(ReportPage, LeavesOutTheFiguresThatATestDoesNotTell) {
  ordered_json record = sample_record();
  record["test"].erase("correct");
  EXPECT_THAT(texts_between(sample_page(record), "<span class=\"value\">", "</span>"),
              ElementsAre("90.00\u00a0%", "0.2500", "14.50\u00a0s", "7.25\u00a0s", "CPU"));
  record["test"] = {{"accuracy", nullptr}};
  EXPECT_THAT(texts_between(sample_page(record), "<span class=\"value\">", "</span>"),
              ElementsAre("14.50\u00a0s", "7.25\u00a0s", "CPU"));
}

TEST(ReportPage, HasItsPartsInOrder) {
  EXPECT_THAT(
      texts_between(sample_page(sample_record()), "<h2 id=\"", "</h2>"),
      ElementsAre("training-title\">Training", "test-title\">Test result", "examples-title\">Samples",
                  "network-title\">Network", "configuration-title\">Settings", "timings-title\">Timings",
                  "machine-title\">Machine and versions", "data-title\">Data", "reproduction-title\">Reproduction"));
}

TEST(ReportPage, SaysWhereNotAllImagesWereUsed) {
  ordered_json record = sample_record();
  EXPECT_THAT(sample_page(record), Not(HasSubstr("of each part")));
  record["data"]["limit"] = 1000;
  EXPECT_THAT(sample_page(record), HasSubstr("</code>, on the first 1,000 images of each part only."));
  EXPECT_THAT(texts_between(sample_page(record), "the first 1,000 images", "<"), testing::SizeIs(1));
}

TEST(ReportPage, TellsOfTheStops) {
  ordered_json record = sample_record();
  EXPECT_THAT(sample_page(record), Not(HasSubstr("Stopped")));
  const ordered_json stop = {{"step", 1234}, {"reason", "signal <2>"}, {"resumed", "2026-11-28T10:00:00Z"}};
  record["stops"] = {stop};
  const std::string after =
      "after step 1,234 (signal &lt;2&gt;), resumed <time datetime=\"2026-11-28T10:00:00Z\">28 November 2026, 10:00 "
      "UTC</time>";
  EXPECT_THAT(sample_page(record), HasSubstr("<p class=\"lead\">Stopped " + after + ".</p>"));
  EXPECT_THAT(sample_page(record), HasSubstr("<span class=\"note\">since the last stop</span>"));
  EXPECT_THAT(sample_page(record), HasSubstr("Wall-clock time of each phase since the last stop"));
  record["stops"] = {{{"step", 3}, {"reason", ""}, {"resumed", ""}}, stop};
  EXPECT_THAT(sample_page(record), HasSubstr("Stopped 2 times: after step 3, resumed "));
  EXPECT_THAT(sample_page(record), HasSubstr("; " + after + ".</p>"));
  record["stops"] = ordered_json(7, stop);
  EXPECT_THAT(sample_page(record), HasSubstr("Stopped 7 times, at last " + after + "; "));
}

TEST(ReportPage, ShowsEveryFigureOnceAndInOrder) {
  EXPECT_THAT(
      texts_between(sample_page(sample_record()), "<figure id=\"figure-", "\">"),
      ElementsAre("curves", "confusion", "per-class", "calibration", "predictions", "mistakes", "kernels", "samples"));
}

TEST(ReportPage, SaysWhichFiguresAreMissing) {
  const RunRecord record = record_of(sample_record());
  ReportContent content = sample_content(record);
  EXPECT_THAT(report_page(content), HasSubstr("Pictures missing: kernels."));
  EXPECT_THAT(report_page(content), HasSubstr("<strong>Title of kernels</strong>: this picture is missing."));
  content.figures.back().svg = "<svg></svg>";
  EXPECT_THAT(report_page(content), Not(HasSubstr("Pictures missing")));
  EXPECT_THAT(report_page(content), Not(HasSubstr("this picture is missing")));
}

TEST(ReportPage, ShowsFiguresThatHaveNoPlaceOfTheirOwn) {
  const RunRecord record = record_of(sample_record());
  ReportContent content{.record = record, .figures = {{"weights", "All weights", "As they are.", "<svg></svg>"}}};
  EXPECT_THAT(report_page(content), HasSubstr("<figure id=\"figure-weights\">"));
}

TEST(ReportPage, MarksTheBestEpoch) {
  const std::string page = sample_page(sample_record());
  EXPECT_THAT(
      page, HasSubstr("<tr class=\"best\"><th scope=\"row\" class=\"number\"><span class=\"badge\">best</span>1</th>"));
  EXPECT_EQ(texts_between(page, "class=\"badge\"", ">").size(), 1U);
}

TEST(ReportPage, ListsSomeOfManyEpochsAndTheBestAndTheLast) {
  ordered_json record = sample_record(), losses(401, 0.5);
  losses[100] = 0.25;
  record["history"] = {{"loss", losses}};
  const std::string page = sample_page(record);
  EXPECT_THAT(page, HasSubstr("One epoch in 3, the best and the last; the one with the lowest loss is marked"));
  const std::string rows = page.substr(0, page.find("<section id=\"test\""));
  EXPECT_THAT(texts_between(rows, "<th scope=\"row\" class=\"number\">", "<"), testing::SizeIs(135));
  EXPECT_THAT(rows, HasSubstr("<span class=\"badge\">best</span>101</th>"));
  EXPECT_THAT(rows, HasSubstr("<th scope=\"row\" class=\"number\">401</th>"));
}

TEST(ReportPage, HasASecondPictureForNarrowScreens) {
  const RunRecord record = record_of(sample_record());
  ReportContent content = sample_content(record);
  EXPECT_THAT(report_page(content), Not(HasSubstr("<div class=\"on-narrow\">")));
  content.figures.front().narrow_svg = "<svg id=\"slim\"></svg>";
  const std::string page = report_page(content);
  EXPECT_THAT(page, HasSubstr("<div class=\"on-narrow\"><svg id=\"slim\"></svg></div>"));
  EXPECT_THAT(texts_between(page, "<div class=\"on-wide\">", ">"), testing::SizeIs(1));
}

TEST(ReportPage, FoldsTheTablesThatSayWhatAPictureShows) {
  const std::string page = sample_page(sample_record());
  EXPECT_THAT(
      texts_between(page, "<summary>", "</summary>"),
      ElementsAre("Each epoch in numbers", "Confusion matrix in numbers", "Classification report",
                  "Mistakes in numbers", "The network as JSON, as in a network file", "Files", "Images of each class"));
}

TEST(ReportPage, SaysTheTitleOfAPictureOnlyInThePicture) {
  const std::string page = sample_page(sample_record());
  // The label of the box is for those who do not see the picture.
  for (const char* name : {"curves", "confusion", "mistakes"})
    EXPECT_THAT(texts_between(page, "Title of " + std::string(name), "<"), testing::SizeIs(1)) << name;
}

TEST(ReportPage, ShowsTheNetworkAsATable) {
  const std::string page = sample_page(sample_record());
  EXPECT_THAT(page,
              HasSubstr("<th scope=\"row\">Convolution, 32 filters 3 × 3, ReLU</th><td class=\"number\">26 × 26 × 32"
                        "</td><td class=\"number\">320</td>"));
  EXPECT_THAT(page,
              HasSubstr("<th scope=\"row\">Flatten</th><td class=\"number\">1,600</td><td class=\"number\"></td>"));
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">All</th><td class=\"number\"></td><td class=\"number\">225,034</td>"));
}

TEST(ReportPage, DescribesEveryKindOfLayer) {
  const RunRecord record = record_of(sample_record());
  ReportContent content = sample_content(record);
  content.network =
      Network{.input = {9, 9, 1},
              .layers = {Convolution{.filters = 2, .kernel = {3, 1}, .stride = {2, 1}, .padding = Padding::same},
                         MaxPool{.size = {2, 2}, .stride = {1, 1}}, Dropout{.rate = 0.25}, Flatten{},
                         Dense{.units = 3, .activation = Activation::softmax}}};
  const std::string page = report_page(content);
  for (const char* layer : {"Convolution, 2 filters 3 × 1, stride 2 × 1, padded", "Max-pool 2 × 2, stride 1 × 1",
                            "Dropout, rate 0.25", "Dense, 3 units, softmax"})
    EXPECT_THAT(page, HasSubstr("<th scope=\"row\">" + std::string(layer) + "</th>"));
}

/// The names of the settings, under each heading of their part.
std::string settings_of(const std::string& page) {
  const std::size_t begin = page.find("<section id=\"configuration\"");
  return page.substr(begin, page.find("</section>", begin) - begin);
}

TEST(ReportPage, BeginsWithTheSettingsThatDifferFromTheDefault) {
  ordered_json document = sample_record();
  document["configuration"]["threads"] = 2;
  const RunRecord record = record_of(document);
  ReportContent content = sample_content(record);
  content.default_settings = {
      {"data", "mnist"}, {"epochs", 5}, {"validation_split", 0.1}, {"stream", false}, {"threads", 1}};
  const std::string part = settings_of(report_page(content));
  const std::string usual = part.substr(part.find("<details"));
  EXPECT_THAT(texts_between(part.substr(0, part.find("<details")), "<dt>", "</dt>"), ElementsAre("Network", "Epochs"));
  EXPECT_THAT(texts_between(usual, "<dt>", "</dt>"),
              ElementsAre("Data", "Validation split", "Start weights", "Stream", "Threads"));  // as many as cores
}

TEST(ReportPage, SaysWhereAllSettingsAreTheDefault) {
  const RunRecord record = record_of(sample_record());
  ReportContent content = sample_content(record);
  content.default_settings = record.configuration;
  EXPECT_THAT(settings_of(report_page(content)), HasSubstr("<p>All settings are at their default.</p>"));
  content.default_settings = {};
  EXPECT_THAT(settings_of(report_page(content)), Not(HasSubstr("default")));
}

TEST(ReportPage, MarksTheLowestLossWhereValidationTellsNone) {
  ordered_json record = sample_record();
  record["history"].erase("val_loss");
  const std::string page = sample_page(record);
  EXPECT_THAT(page, HasSubstr("the one with the lowest loss is marked"));
  EXPECT_THAT(page, HasSubstr("Validation accuracy, %"));
  EXPECT_THAT(page, Not(HasSubstr("Validation loss")));
  EXPECT_THAT(page, HasSubstr("<span class=\"badge\">best</span>2</th>"));
}

TEST(ReportPage, ListsConfusedPairsAndConfidentMistakes) {
  const std::string page = sample_page(sample_record());
  EXPECT_THAT(
      page,
      HasSubstr("<th scope=\"row\">two</th><td>zero</td><td class=\"number\">5</td><td class=\"number\">16.67</td>"));
  EXPECT_THAT(
      page,
      HasSubstr("<th scope=\"row\" class=\"number\">1</th><td>one</td><td>two</td><td class=\"number\">75.00</td>"));
}

TEST(ReportPage, GivesTheRestOfTheTimeToAllElse) {
  const std::string page = sample_page(sample_record());
  EXPECT_THAT(page,
              HasSubstr("<th scope=\"row\">Start: program, device, network</th><td class=\"number\">100\u00a0ms</td>"));
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">Pictures</th><td class=\"number\">750\u00a0ms</td>"));
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">Files and all else</th><td class=\"number\">200\u00a0ms</td>"));
}

TEST(ReportPage, SumsUpTheTimesOfManyEpochs) {
  ordered_json record = sample_record();
  ordered_json epochs, seconds;
  for (int epoch = 1; epoch <= 21; ++epoch) {
    epochs.push_back(epoch);
    seconds.push_back(epoch + 0.5);
  }
  record["history"] = {{"epoch", epochs}, {"seconds", seconds}};
  const std::string page = sample_page(record);
  EXPECT_THAT(page, HasSubstr("Fastest: Epoch 1</th><td class=\"number\">1.50"));
  EXPECT_THAT(page, HasSubstr("Median: Epoch 11</th><td class=\"number\">11.50"));
  EXPECT_THAT(page, HasSubstr("Slowest: Epoch 21</th><td class=\"number\">21.50"));
  EXPECT_THAT(page, Not(HasSubstr(">Epoch 2<")));
}

TEST(ReportPage, SaysThatARunDidNotFinish) {
  ordered_json record = sample_record();
  record["status"] = "interrupted";
  record["reason"] = "signal 2";
  record.erase("test");
  EXPECT_THAT(sample_page(record), HasSubstr("This run is not finished, but interrupted: signal 2."));
}

TEST(ReportPage, LeavesOutPartsThatHaveNothingToShow) {
  const RunRecord record = {.status = RunStatus::finished};
  const std::string page = report_page({.record = record});
  EXPECT_THAT(page, HasSubstr("<h1>Training run</h1>"));
  EXPECT_THAT(page, Not(HasSubstr("<section")));
  EXPECT_THAT(page, Not(HasSubstr("<nav")));
  EXPECT_NO_THROW(read_tags(page));
}

TEST(ReportPage, RefusesPredictionsOfOtherClasses) {
  ordered_json record = sample_record();
  record.erase("test");
  record["data"].erase("class_counts");
  record["data"]["class_names"] = {"zero", "one"};
  try {
    sample_page(record);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "run.json: data.class_names: does not fit the predictions (expected 3 classes, got 2)");
  }
}

TEST(ReportPage, GivesEachIdOnceAndLinksOnlyToThem) {
  std::set<std::string> ids;
  const std::vector<Tag> tags = read_tags(sample_page(sample_record()));
  for (const Tag& tag : tags) {
    const auto id = tag.attributes.find("id");
    if (id == tag.attributes.end()) continue;
    EXPECT_TRUE(ids.insert(id->second).second) << id->second;
  }
  for (const Tag& tag : tags) {
    if (tag.name != "a") continue;
    EXPECT_TRUE(ids.contains(tag.attributes.at("href").substr(1))) << tag.attributes.at("href");
  }
}

TEST(ReportPage, StepsDownItsHeadingsOneByOne) {
  std::vector<char> levels = {'0'};
  for (const Tag& tag : read_tags(sample_page(sample_record()))) {
    const bool heading = tag.name.size() == 2 && tag.name[0] == 'h' && tag.name[1] >= '1' && tag.name[1] <= '6';
    if (!heading) continue;
    EXPECT_LE(tag.name[1], levels.back() + 1);
    levels.push_back(tag.name[1]);
  }
  EXPECT_EQ(std::ranges::count(levels, '1'), 1);
  EXPECT_EQ(std::ranges::count(levels, '2'), 9);
}

TEST(ReportPage, SaysOfEveryTableHeaderWhatItHeads) {
  std::size_t headers = 0;
  for (const Tag& tag : read_tags(sample_page(sample_record()))) {
    if (tag.name != "th") continue;
    EXPECT_TRUE(tag.attributes.contains("scope"));
    ++headers;
  }
  EXPECT_GT(headers, 20U);
}

}  // namespace
}  // namespace nib
