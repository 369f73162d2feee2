// Disks and folders that refuse: found before the work where that is possible, and never a model file of a run that did
// not come to its end.

#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "commands/small_set.h"
#include "inference/remembered_notes.h"
#include "runs/output_folder.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// Mounts in a name space of this test's own, so that nothing is left of them behind it.
class Mounts : public testing::Test {
 protected:
  void SetUp() override {
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
      GTEST_SKIP() << "no right to mount: " << std::strerror(errno);
    std::filesystem::create_directory(folder / "disk");
  }
  void TearDown() override { umount2((folder / "disk").c_str(), MNT_DETACH); }

  const SmallSetFolder folder;
};

TEST_F(Mounts, ADiskThatIsTooSmallIsFoundBeforeTraining) {
  ASSERT_EQ(mount("tmpfs", (folder / "disk").c_str(), "tmpfs", 0, "size=1m"), 0) << std::strerror(errno);
  const Ending ending = nib(small_training({"--out", "disk/run"}), folder.path());
  EXPECT_EQ(ending.code, 4);
  EXPECT_THAT(ending.errors, AllOf(StartsWith("nib: error: disk/run: "), HasSubstr("space")));
  EXPECT_THAT(ending.output, IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(folder / "disk/run"));
}

TEST_F(Mounts, AReadOnlyDiskIsFoundBeforeTraining) {
  ASSERT_EQ(mount("tmpfs", (folder / "disk").c_str(), "tmpfs", MS_RDONLY, "size=64m"), 0) << std::strerror(errno);
  const Ending ending = nib(small_training({"--out", "disk/run"}), folder.path());
  EXPECT_EQ(ending.code, 4);
  EXPECT_EQ(ending.errors, "nib: error: --out: disk/run: cannot make the folder: read-only file system\n");
  const Ending forced = nib(small_training({"--out", "disk", "--force"}), folder.path());
  EXPECT_EQ(forced.code, 4);
  EXPECT_THAT(forced.errors, AllOf(StartsWith("nib: error: disk: "), HasSubstr("read-only file system")));
}

TEST(OutputFolder, AFolderWithoutPermissionIsFoundBeforeTraining) {
  if (geteuid() == 0) GTEST_SKIP() << "permissions do not hold for root";
  const SmallSetFolder folder;
  std::filesystem::create_directory(folder / "run");
  std::filesystem::permissions(folder / "run", std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  const Ending ending = nib(small_training({"--out", "run", "--force"}), folder.path());
  EXPECT_EQ(ending.code, 4);
  EXPECT_THAT(ending.errors, AllOf(StartsWith("nib: error: run: "), HasSubstr("permission denied")));
}

TEST(OutputFolder, AWriteThatFailsAtTheEndLeavesNoModel) {
  const SmallSetFolder folder;
  const Ending ending = Program(small_training({"--out", "run"})).in(folder.path()).with_largest_file(500'000).run();
  EXPECT_EQ(ending.code, 4);
  EXPECT_THAT(ending.errors, AllOf(HasSubstr("nib: error: run/model.safetensors: "), HasSubstr("file too large")));
  EXPECT_FALSE(std::filesystem::exists(folder / "run/model.safetensors"));
  EXPECT_TRUE(std::filesystem::exists(folder / "run/history.csv"));
  EXPECT_EQ(json::parse(contents(folder / "run/run.json"))["status"], "failed");
  for (const auto& entry : std::filesystem::directory_iterator(folder / "run"))
    EXPECT_THAT(entry.path().filename().string(), testing::Not(testing::EndsWith(".tmp")));
}

TEST(OutputFolder, AFolderInTheWayOfAFileIsFoundBeforeTraining) {
  const SmallSetFolder folder;
  std::filesystem::create_directories(folder / "run/model.safetensors");
  const Ending ending = nib(small_training({"--out", "run", "--force"}), folder.path());
  EXPECT_EQ(ending.code, 2);
  EXPECT_EQ(ending.errors,
            "nib: error: --out: run/model.safetensors: a folder has the name of a file that would be written\n");
}

TEST(OutputFolder, AFileInThePlaceOfTheFolderIsRefused) {
  const SmallSetFolder folder;
  make_file(folder / "run", "mine");
  const Ending ending = nib(small_training({"--out", "run", "--force"}), folder.path());
  EXPECT_EQ(ending.code, 2);
  EXPECT_EQ(ending.errors, "nib: error: --out: run: exists and is not a folder\n");
  EXPECT_EQ(contents(folder / "run"), "mine");
}

TEST(OutputFolder, IsRemovedAgainWhenNothingWasWritten) {
  const TemporaryFolder folder;
  RememberedNotes notes;
  const std::string path = folder / "new";
  {
    const OutputFolder output({.out = path, .results = {"a"}}, notes);
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(OutputFolder, NotesWhatWasWrittenOnceAndInOrder) {
  const TemporaryFolder folder;
  RememberedNotes notes;
  OutputFolder output({.out = folder / "new", .results = {"a", "b"}}, notes);
  output.write("b", "1");
  output.write("a", "2");
  output.write("b", "3");
  EXPECT_THAT(output.written(), ElementsAre("b", "a"));
  EXPECT_EQ(contents(folder / "new/b"), "3");
  output.remove("b");
  EXPECT_THAT(output.written(), ElementsAre("a"));
  EXPECT_FALSE(std::filesystem::exists(folder / "new/b"));
}

TEST(OutputFolder, KnowsAnInputThatItWouldReplace) {
  const TemporaryFolder folder;
  RememberedNotes notes;
  OutputFolder output({.out = folder / "new", .results = {"a"}}, notes);
  output.write("a", "1");
  std::filesystem::create_symlink("new/a", folder / "link");
  EXPECT_TRUE(output.would_replace(folder / "link"));
  EXPECT_FALSE(output.would_replace(folder / "new"));
}

}  // namespace
}  // namespace nib
