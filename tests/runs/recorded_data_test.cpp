#include "runs/recorded_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/temporary_folder.h"

namespace nib {
namespace {

namespace fs = std::filesystem;

TEST(RecordedData, AreAbsoluteUnlessTheyHaveAName) {
  EXPECT_EQ(recorded_place("mnist"), "mnist");
  EXPECT_EQ(recorded_place("./set/"), (fs::current_path() / "set/").string());
  EXPECT_EQ(recorded_place("/a/b"), "/a/b");
  EXPECT_EQ(recorded_place("a/../b"), (fs::current_path() / "a/../b").string()) << "a may be a link";
  EXPECT_EQ(recorded_place(""), "");
}

/// A record of an older version, of a run in runs/one of a folder with a set in it.
class OldRecord : public testing::Test {
 protected:
  OldRecord() {
    record_.folder = "runs/one";
    fs::create_directories(folder_ / "runs/one");
    fs::create_directory(folder_ / "some.set");
  }
  std::string line(const std::string& recorded, const std::string& run) const {
    try {
      return place_of_recorded(recorded, record_, folder_ / run, "run.json: data.folder");
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::io);
      return error.what();
    }
  }

  const TemporaryFolder folder_;
  RunRecord record_;
};

TEST_F(OldRecord, IsReadFromTheFolderThatNibRanIn) {
  const fs::path set = fs::canonical(folder_.path()) / "some.set";
  EXPECT_EQ(line("some.set", "runs/one"), set);
  fs::create_symlink("one", folder_ / "runs/latest");
  EXPECT_EQ(line("some.set", "runs/latest"), set);
  EXPECT_EQ(line("fashion", "runs/one"), "fashion");
  EXPECT_EQ(line(set.string(), "runs/one"), set);
}

TEST_F(OldRecord, TellsWhereItLooked) {
  const std::string problem = "run.json: data.folder: the data set of the run is not there any more: looked for ";
  EXPECT_EQ(line("none.set", "runs/one"),
            problem + (fs::canonical(folder_.path()) / "none.set").string() + " and none.set");
  EXPECT_EQ(line("/none.set", "runs/one"), problem + "/none.set");
  fs::rename(folder_ / "runs/one", folder_ / "runs/two");
  EXPECT_EQ(line("some.set", "runs/two"), problem + "some.set") << "nobody knows where the run was";
}

}  // namespace
}  // namespace nib
