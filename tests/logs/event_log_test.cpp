#include "logs/event_log.h"

#include <gmock/gmock.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "base/temporary_folder.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::EndsWith;
using testing::MatchesRegex;

TEST(EventLog, WritesAnObjectALine) {
  const TemporaryFolder folder;
  EventLog log(folder / "log", false);
  log.write("first", {{"step", 50}, {"name", "a\nb"}});
  log.write("second", {{"step", 51}});
  const std::string text = contents(folder / "log");
  EXPECT_THAT(text, EndsWith("}\n"));
  const std::size_t line_end = text.find('\n');
  const json first = json::parse(text.substr(0, line_end)), second = json::parse(text.substr(line_end + 1));
  EXPECT_EQ(first["event"], "first");
  EXPECT_EQ(first["step"], 50);
  EXPECT_EQ(first["name"], "a\nb");
  EXPECT_THAT(first["time"].get<std::string>(), MatchesRegex("20..-..-..T..:..:..[.]...Z"));
  EXPECT_GE(first["seconds"], 0);
  EXPECT_EQ(second.size(), 4u);
  EXPECT_EQ(second["event"], "second");
  EXPECT_GE(second["seconds"], first["seconds"]);
}

TEST(EventLog, StaysJsonWhateverItIsGiven) {
  const TemporaryFolder folder;
  EventLog log(folder / "log", false);
  log.write("odd", {{"loss", std::numeric_limits<double>::quiet_NaN()}, {"path", "\xff.txt"}});
  const json line = json::parse(contents(folder / "log"));
  EXPECT_TRUE(line["loss"].is_null());
  EXPECT_EQ(line["path"], "\xEF\xBF\xBD.txt");
}

}  // namespace
}  // namespace nib
