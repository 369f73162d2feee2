// Logs in which a later process goes on: from their position, wherever the process before it was ended.

#include <gmock/gmock.h>

#include "base/error.h"
#include "base/temporary_folder.h"
#include "encodings/crc32c.h"
#include "logs/event_log.h"
#include "logs/event_reader.h"
#include "logs/summary_events.h"
#include "logs/tensorboard_log.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::string refusal(const std::function<void()>& open) {
  try {
    open();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    return error.what();
  }
  return "opened";
}

class GoingOn : public testing::Test {
 protected:
  const TemporaryFolder folder{};
  const std::string path = folder / "log";
};

TEST_F(GoingOn, CutsWhatStandsBehindThePositionWithTheFirstEntry) {
  for (const std::string behind : {"", "t", "two\n", "two\nthr"}) {
    make_file(path, "one\n" + behind);
    {
      LogFile log = LogFile::go_on({.path = path, .bytes = 4, .crc32c = crc32c("one\n")}, "log");
      EXPECT_EQ(contents(path), "one\n" + behind);
      log.write("2\n");
      log.write("3\n");
      EXPECT_EQ(log.position()->bytes, 8u);
      EXPECT_EQ(log.position()->crc32c, crc32c("one\n2\n3\n"));
    }
    EXPECT_EQ(contents(path), "one\n2\n3\n");
  }
}

TEST_F(GoingOn, LeavesAFileAsItIsUntilThen) {
  make_file(path, "one\ntwo\n");
  { const LogFile log = LogFile::go_on({.path = path, .bytes = 0, .crc32c = 0}, "log"); }
  EXPECT_EQ(contents(path), "one\ntwo\n");
  LogFile log = LogFile::go_on({.path = path, .bytes = 4, .crc32c = crc32c("one\n")}, "log");
  log.cut();
  EXPECT_EQ(contents(path), "one\n");
}

TEST_F(GoingOn, NeedsAFileThatBeginsAsItDid) {
  const LogPosition position{.path = path, .bytes = 4, .crc32c = crc32c("one\n")};
  for (const std::string other : {"", "one", "0ne\n", "One\ntwo\n"}) {
    make_file(path, other);
    EXPECT_EQ(refusal([&] { LogFile::go_on(position, "log"); }),
              "log: " + path + ": does not begin as the run had left it at its checkpoint");
    EXPECT_EQ(contents(path), other);
  }
}

TEST_F(GoingOn, HasNoPositionWhereThereIsNoFileOrSomethingIsLost) {
  EXPECT_FALSE(LogFile::open("/dev/null", "log", false).position());
  LogFile full = LogFile::open("/dev/full", "log", false);
  full.write("one\n");
  EXPECT_FALSE(full.position());
}

TEST_F(GoingOn, AnEventLogCountsItsSecondsOn) {
  EventLog first(path, false);
  first.write("start", {{"schema", 1}});
  const LogPosition position = first.file().position().value();
  first.write("batch", {{"step", 1}});
  EventLog next(position, 1000.5);
  next.write("resume", {{"step", 0}});
  const std::string text = contents(path);
  EXPECT_THAT(text, StartsWith(R"({"event":"start")"));
  EXPECT_THAT(text.substr(position.bytes), StartsWith(R"({"event":"resume")"));
  EXPECT_THAT(text, HasSubstr(R"("seconds":1000.5)"));
}

TEST_F(GoingOn, AnEventLogIsNeverMadeOfAnotherFile) {
  make_file(path, "my thesis\n");
  EXPECT_EQ(refusal([&] { EventLog({.path = path, .bytes = 3, .crc32c = crc32c("my ")}, 0); }),
            "event log: " + path + ": is no event log");
  make_file(path, "{\"event\":\"start\"}\n");
  EXPECT_EQ(refusal([&] { EventLog({.path = path, .bytes = 0, .crc32c = 0}, 0); }),
            "event log: " + path + ": is no event log");
}

/// The events of all files of a part, in the order of their names.
std::vector<std::uint64_t> steps_in(const std::filesystem::path& part) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(part)) names.push_back(entry.path());
  std::ranges::sort(names);
  std::vector<std::uint64_t> steps;
  for (const std::string& name : names) {
    const EventFileContents file = read_events(contents(name));
    EXPECT_EQ(file.bytes_behind, 0u);
    for (const LoggedEvent& event : file.events)
      if (event.scalar) steps.push_back(event.step);
  }
  return steps;
}

TEST_F(GoingOn, TensorBoardFindsEveryStepOnceWhereverTheFileBeforeEnds) {
  std::vector<LogPosition> positions;
  {
    TensorBoardLog log(path);
    log.train().write(scalar_event(1, 1, "loss", 0.5f));
    positions = log.positions().value();
    log.train().write(scalar_event(1, 2, "loss", 0.5f));
  }
  const std::filesystem::path file = std::filesystem::path(path) / positions[0].path;
  const std::string whole = contents(file);
  const auto leave = [&](std::size_t size) {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(file.parent_path());
    make_file(file, whole.substr(0, size));
  };
  for (std::size_t size = positions[0].bytes; size <= whole.size(); ++size) {
    leave(size);
    {
      TensorBoardLog log(path, positions);
      EXPECT_FALSE(log.continues_another());
      EXPECT_FALSE(log.lacks_files());
      EXPECT_EQ(contents(file).size(), size);
      log.cut();
      for (const std::uint64_t step : {2, 3}) log.train().write(scalar_event(2, step, "loss", 0.5f));
    }
    EXPECT_THAT(steps_in(file.parent_path()), ElementsAre(1, 2, 3));
  }
  leave(positions[0].bytes - 1);
  EXPECT_THAT(refusal([&] { const TensorBoardLog log(path, positions); }), EndsWith("at its checkpoint"));
  std::filesystem::remove(file);
  EXPECT_TRUE(TensorBoardLog(path, positions).lacks_files());
}

TEST_F(GoingOn, TensorBoardNeverCutsAnotherFile) {
  make_file(folder / "mine", "my thesis");
  for (const std::string other : {"../mine", "train/mine", "train/../../events.out.tfevents.1.h.1.0.v2",
                                  "/events.out.tfevents.1.h.1.0.v2", "train/events.out.tfevents.x.h.1.0.v2"})
    EXPECT_EQ(refusal([&] { const TensorBoardLog log(path, {{.path = other}}); }),
              "tensorboard: " + other + ": is no event file");
  EXPECT_THAT(folder.names(), ElementsAre("mine"));
}

}  // namespace
}  // namespace nib
