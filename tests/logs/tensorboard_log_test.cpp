#include "logs/tensorboard_log.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "base/error.h"
#include "base/temporary_folder.h"
#include "logs/event_reader.h"
#include "logs/summary_events.h"

namespace nib {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;
using testing::StartsWith;

std::string refusal_of(const std::filesystem::path& path) {
  try {
    const TensorBoardLog log(path);
  } catch (const Error& error) {
    return std::to_string(static_cast<int>(error.code())) + " " + error.what();
  }
  return "opened";
}

TEST(TensorBoardLog, WritesEventsBehindTheFilesVersion) {
  const TemporaryFolder folder;
  TensorBoardLog log(folder / "board/");
  log.train().write(scalar_event(1.5, 0, "epoch_loss", 0.5f));
  log.train().write(scalar_event(2.5, 1, "epoch_loss", 0.25f));
  const EventFileContents file = read_events_in(folder / "board/train");
  ASSERT_EQ(file.events.size(), 3u);
  EXPECT_EQ(file.bytes_behind, 0u);
  EXPECT_EQ(file.events[0].file_version, "brain.Event:2");
  EXPECT_GT(file.events[0].wall_time, 1.7e9);
  EXPECT_EQ(file.events[1].tag, "epoch_loss");
  EXPECT_EQ(file.events[1].scalar, 0.5f);
  EXPECT_EQ(file.events[2].step, 1u);
  EXPECT_EQ(file.events[2].wall_time, 2.5);
  EXPECT_EQ(log.lost_file(), nullptr);
}

TEST(TensorBoardLog, NamesItsFilesAsTensorFlowDoes) {
  const TemporaryFolder folder;
  const TensorBoardLog log(folder.path());
  const std::string process = std::to_string(getpid());
  for (const auto& [part, number] : {std::pair{"train", "0"}, {"validation", "1"}, {"test", "2"}}) {
    const std::string name = std::filesystem::directory_iterator(folder / part)->path().filename();
    EXPECT_THAT(name, AllOf(StartsWith("events.out.tfevents.1"), EndsWith("." + process + "." + number + ".v2")));
  }
}

TEST(TensorBoardLog, LeavesOnlyWhatHasEvents) {
  const TemporaryFolder folder;
  { const TensorBoardLog log(folder / "boards/a"); }
  EXPECT_THAT(folder.names(), IsEmpty());
  {
    TensorBoardLog log(folder.path());
    log.test().write(scalar_event(1.5, 0, "epoch_loss", 0.5f));
  }
  EXPECT_THAT(folder.names(), ElementsAre("test"));
}

TEST(TensorBoardLog, TellsEventsOfAnEarlierRun) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "train");
  EXPECT_FALSE(TensorBoardLog(folder.path()).continues_another());
  make_file(folder / "train/events.out.tfevents.1700000000.host.1.0.v2", "");
  EXPECT_TRUE(TensorBoardLog(folder.path()).continues_another());
}

TEST(TensorBoardLog, RefusesPlacesThatCannotTakeIt) {
  const TemporaryFolder folder;
  make_file(folder / "file", "");
  EXPECT_EQ(refusal_of(folder / "file/board"),
            "4 tensorboard: " + (folder / "file/board").string() + ": cannot make the folder: not a directory");
  EXPECT_EQ(refusal_of(folder / "file"),
            "2 tensorboard: " + (folder / "file").string() + ": exists and is not a folder");
  make_file(folder / "test", "");
  EXPECT_EQ(refusal_of(folder.path()), "2 tensorboard: " + (folder / "test").string() + ": exists and is not a folder");
  EXPECT_THAT(folder.names(), ElementsAre("file", "test"));
}

TEST(TensorBoardLog, TellsMissingPermission) {
  const TemporaryFolder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  {
    const OrdinaryUser user;
    const std::filesystem::path path = folder / "board";
    EXPECT_EQ(refusal_of(path), "4 tensorboard: " + path.string() + ": cannot make the folder: permission denied");
  }
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
}

}  // namespace
}  // namespace nib
