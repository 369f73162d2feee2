#include "runs/output_folder.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/file.h>

#include <cerrno>
#include <memory>

#include "base/error.h"
#include "base/temporary_folder.h"
#include "base/watched_files.h"
#include "inference/remembered_notes.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using test::Call;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class OutputFolderTest : public testing::Test {
 protected:
  FolderRequest request(const std::string& name) {
    return {.out = (folder / name).string(), .force = true, .results = {"a", "b"}};
  }
  std::string refusal_of(const std::string& name) {
    try {
      const OutputFolder output(request(name), notes);
    } catch (const Error& error) {
      return std::to_string(static_cast<int>(error.code())) + " " + error.what();
    }
    return "taken";
  }

  const TemporaryFolder folder;
  RememberedNotes notes;
};

TEST_F(OutputFolderTest, IsMadeWithItsParentsAndRemovedWithThemWhenNothingWasWritten) {
  { const OutputFolder output(request("sweep/a/"), notes); }
  EXPECT_THAT(folder.names(), IsEmpty());
  { OutputFolder(request("sweep/a"), notes).write("a", "1"); }
  EXPECT_EQ(contents(folder / "sweep/a/a"), "1");
}

TEST_F(OutputFolderTest, BehindALinkIsFollowedOnce) {
  fs::create_directories(folder / "runs/one");
  fs::create_symlink("one", folder / "runs/latest");
  fs::create_symlink("later", folder / "dangling");
  OutputFolder output(request("runs/latest"), notes);
  EXPECT_EQ(output.path(), folder / "runs/one");
  fs::remove(folder / "runs/latest");
  output.write("a", "1");
  EXPECT_TRUE(output.point_latest_here());
  EXPECT_EQ(fs::read_symlink(folder / "runs/latest"), "one");
  EXPECT_EQ(contents(folder / "runs/one/a"), "1");
  OutputFolder(request("dangling"), notes).write("a", "2");
  EXPECT_EQ(contents(folder / "later/a"), "2");
}

TEST_F(OutputFolderTest, ThatIsCalledLatestItselfNeedsNoLink) {
  OutputFolder output(request("runs/latest"), notes);
  output.write("a", "1");
  EXPECT_TRUE(output.point_latest_here());
  EXPECT_TRUE(fs::is_directory(fs::symlink_status(folder / "runs/latest")));
}

TEST_F(OutputFolderTest, WritesThroughNoLinkOfItsOwnNames) {
  fs::create_directory(folder / "run");
  make_file(folder / "victim", "precious");
  for (const std::string name : {"a", "b"}) fs::create_symlink("../victim", folder / ("run/" + name));
  OutputFolder output(request("run"), notes);
  output.write("a", "1");
  output.remove_old_results();
  EXPECT_EQ(contents(folder / "victim"), "precious");
  EXPECT_EQ(contents(folder / "run/a"), "1");
  EXPECT_FALSE(fs::exists(fs::symlink_status(folder / "run/b")));
}

TEST_F(OutputFolderTest, RefusesALockThatIsALink) {
  fs::create_directory(folder / "run");
  make_file(folder / "victim", "precious");
  fs::create_symlink("../victim", folder / "run/.lock");
  EXPECT_THAT(refusal_of("run"), StartsWith("4 "));
  EXPECT_EQ(contents(folder / "victim"), "precious");
}

TEST_F(OutputFolderTest, IsSweptOfWhatKilledProcessesLeft) {
  fs::create_directory(folder / "run");
  make_file(folder / "run/.lock", "1 elsewhere\n");
  make_file(folder / "run/.model.safetensors.1-0123456789abcdef.tmp", "half");
  { OutputFolder(request("run"), notes).write("a", "1"); }
  EXPECT_FALSE(fs::exists(folder / "run/.lock"));
  EXPECT_FALSE(fs::exists(folder / "run/.model.safetensors.1-0123456789abcdef.tmp"));
}

TEST_F(OutputFolderTest, BelongsToTheLockAndTellsItsOwner) {
  fs::create_directory(folder / "run");
  make_file(folder / "run/.lock", "17 elsewhere\n");
  const FileDescriptor other(::open((folder / "run/.lock").c_str(), O_RDWR));
  ASSERT_EQ(::flock(other.number(), LOCK_EX), 0);
  EXPECT_THAT(refusal_of("run"), HasSubstr("another run is writing into this folder (process 17 on elsewhere)"));
  EXPECT_EQ(contents(folder / "run/.lock"), "17 elsewhere\n");
}

TEST_F(OutputFolderTest, OnAFileSystemWithoutLocksIsTakenWithOneWarning) {
  test::WatchedFiles files;
  const test::FilesInUse in_use(files);
  for (const int error : {ENOSYS, ENOLCK, EOPNOTSUPP}) {
    notes.warned.clear();
    files.before = [=](Call call) { return call == Call::lock ? error : 0; };
    { OutputFolder(request("run"), notes).write("a", "1"); }
    EXPECT_THAT(notes.warned, ElementsAre(HasSubstr("the file system has no locks")));
    EXPECT_FALSE(fs::exists(folder / "run/.lock"));
  }
  files.before = [](Call call) { return call == Call::lock ? EIO : 0; };
  EXPECT_THAT(refusal_of("run"), HasSubstr("cannot lock the folder"));
}

TEST_F(OutputFolderTest, OnAFileSystemWithoutLocksLeavesALockFromElsewhere) {
  fs::create_directory(folder / "run");
  make_file(folder / "run/.lock", "17 elsewhere\n");
  test::WatchedFiles files;
  const test::FilesInUse in_use(files);
  files.before = [](Call call) { return call == Call::lock ? ENOLCK : 0; };
  { OutputFolder(request("run"), notes).write("a", "1"); }
  EXPECT_EQ(contents(folder / "run/.lock"), "17 elsewhere\n");
}

TEST_F(OutputFolderTest, ThatWasRemovedTakesNothingMore) {
  OutputFolder output(request("run"), notes);
  output.write("a", "1");
  fs::remove_all(folder / "run");
  OutputFolder next(request("run"), notes);
  next.write("a", "2");
  EXPECT_THROW(output.write("a", "late"), Error);
  EXPECT_THROW(output.remove("a"), Error);
  EXPECT_THROW(output.remove_old_results(), Error);
  EXPECT_EQ(contents(folder / "run/a"), "2");
}

TEST_F(OutputFolderTest, ThatWasRemovedLeavesTheLockToTheNextRun) {
  auto output = std::make_unique<OutputFolder>(request("run"), notes);
  fs::remove_all(folder / "run");
  const OutputFolder next(request("run"), notes);
  output.reset();
  EXPECT_TRUE(fs::exists(folder / "run/.lock"));
}

}  // namespace
}  // namespace nib
