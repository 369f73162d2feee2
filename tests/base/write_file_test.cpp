#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "base/error.h"
#include "base/files.h"
#include "base/temporary_file.h"
#include "base/temporary_folder.h"
#include "base/watched_files.h"

namespace nib {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;
using testing::HasSubstr;

/// Runs what must fail with an I/O error and gives its line.
std::string io_failure(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::io);
    return error.what();
  }
  return "did not fail";
}

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status = {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777u;
}

TEST(WriteFile, CreatesAFile) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "f", "text\0more"sv);
  EXPECT_EQ(contents(folder / "f"), "text\0more"sv);
  EXPECT_THAT(folder.names(), ElementsAre("f"));
}

TEST(WriteFile, WritesIntoTheWorkingDirectory) {
  const TemporaryFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  write_file_atomically("f", "x"sv);
  std::filesystem::current_path(before);
  EXPECT_EQ(contents(folder / "f"), "x");
}

TEST(WriteOutputFile, ReplacesByForceAlone) {
  const TemporaryFolder folder;
  write_output_file(folder / "f", "first"sv, false);
  EXPECT_EQ(contents(folder / "f"), "first");
  try {
    write_output_file(folder / "f", "second"sv, false);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_EQ(error.what(), (folder / "f").string() + ": the file exists");
    EXPECT_EQ(error.problem().hint, setting("force") + " replaces it");
  }
  std::filesystem::create_symlink("nowhere", folder / "link");
  EXPECT_THROW(write_output_file(folder / "link", "second"sv, false), Error);
  EXPECT_EQ(contents(folder / "f"), "first");
  write_output_file(folder / "f", "second"sv, true);
  EXPECT_EQ(contents(folder / "f"), "second");
  EXPECT_THAT(folder.names(), ElementsAre("f", "link"));
}

/// It was not there when the work began.
TEST(WriteOutputFile, LeavesAFileThatAppearedMeanwhile) {
  const TemporaryFolder folder;
  test::WatchedFiles files;
  files.before = [&](test::Call call) {
    if (call == test::Call::rename_new) make_file(folder / "f", "mine");
    return 0;
  };
  const test::FilesInUse in_use(files);
  EXPECT_THROW(write_output_file(folder / "f", "new"sv, false), Error);
  EXPECT_EQ(contents(folder / "f"), "mine");
  EXPECT_THAT(folder.names(), ElementsAre("f"));
}

TEST(WriteFile, FollowsTheUmask) {
  const TemporaryFolder folder;
  const mode_t before = ::umask(027);
  write_file_atomically(folder / "f", "x"sv);
  ::umask(before);
  EXPECT_EQ(mode_of(folder / "f"), 0640u);
}

TEST(WriteFile, KeepsTheOldModeWhenItReplaces) {
  const TemporaryFolder folder;
  make_file(folder / "f", "old");
  ::chmod((folder / "f").c_str(), 0604);
  write_file_atomically(folder / "f", "new"sv);
  EXPECT_EQ(contents(folder / "f"), "new");
  EXPECT_EQ(mode_of(folder / "f"), 0604u);
}

TEST(WriteFile, AnOpenReaderKeepsTheOldFile) {
  const TemporaryFolder folder;
  make_file(folder / "f", "old");
  const int reader = ::open((folder / "f").c_str(), O_RDONLY);
  write_file_atomically(folder / "f", "new"sv);
  char text[4] = {};
  EXPECT_EQ(::read(reader, text, 3), 3);
  ::close(reader);
  EXPECT_STREQ(text, "old");
}

TEST(WriteFile, ReplacesALinkAndNotItsTarget) {
  const TemporaryFolder folder;
  make_file(folder / "victim", "precious");
  std::filesystem::create_symlink("victim", folder / "f");
  std::filesystem::create_symlink("nowhere", folder / "g");
  std::filesystem::create_symlink("loop", folder / "loop");
  for (const std::string name : {"f", "g", "loop"}) {
    write_file_atomically(folder / name, "new"sv);
    EXPECT_FALSE(std::filesystem::is_symlink(folder / name));
    EXPECT_EQ(contents(folder / name), "new");
  }
  EXPECT_EQ(contents(folder / "victim"), "precious");
  EXPECT_THAT(folder.names(), ElementsAre("f", "g", "loop", "victim"));
}

TEST(WriteFile, IntoALinkedFolderGoesToWhereItPoints) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "real");
  std::filesystem::create_symlink("real", folder / "link");
  write_file_atomically(folder / "link/f", "new"sv);
  EXPECT_EQ(contents(folder / "real/f"), "new");
}

TEST(WriteFile, TakesANameOfFullLength) {
  const TemporaryFolder folder;
  const std::string name(255, 'n');
  write_file_atomically(folder / name, "x"sv);
  EXPECT_THAT(folder.names(), ElementsAre(name));
}

TEST(WriteFile, RefusesAMissingFolder) {
  const TemporaryFolder folder;
  EXPECT_EQ(io_failure([&] { write_file_atomically(folder / "none/f", "x"sv); }),
            (folder / "none/f").string() + ": cannot open the folder: no such file or directory");
}

TEST(WriteFile, RefusesADirectoryADeviceAndAFifo) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "d");
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  EXPECT_THAT(io_failure([&] { write_file_atomically(folder / "d", "x"sv); }), HasSubstr("cannot replace a directory"));
  EXPECT_THAT(io_failure([&] { write_file_atomically(folder / "new/", "x"sv); }), HasSubstr("is a directory"));
  EXPECT_THAT(io_failure([&] { write_file_atomically(folder / "fifo", "x"sv); }), HasSubstr("cannot replace a FIFO"));
  EXPECT_THAT(io_failure([&] { write_file_atomically("/dev/full", "x"sv); }), HasSubstr("cannot replace a device"));
  EXPECT_THAT(folder.names(), ElementsAre("d", "fifo"));
}

TEST(WriteFile, RefusesAFolderThatMayNotBeWritten) {
  const TemporaryFolder folder;
  make_file(folder / "f", "old");
  ::chmod(folder.path().c_str(), 0555);
  {
    const OrdinaryUser user;
    EXPECT_THAT(io_failure([&] { write_file_atomically(folder / "f", "new"sv); }),
                HasSubstr("cannot create a file in the folder: permission denied"));
    EXPECT_THAT(io_failure([&] { probe_writable(folder.path(), 0); }), HasSubstr("permission denied"));
  }
  ::chmod(folder.path().c_str(), 0755);
  EXPECT_EQ(contents(folder / "f"), "old");
}

/// Lets files grow to one page only: a write behind that fails as it does on a full disk.
class ShortFiles {
 public:
  ShortFiles() {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = 4096;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~ShortFiles() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  ShortFiles(const ShortFiles&) = delete;
  ShortFiles& operator=(const ShortFiles&) = delete;

 private:
  rlimit before_ = {};
};

TEST(WriteFile, AFailedWriteKeepsTheOldFileAndLeavesNothing) {
  const TemporaryFolder folder;
  make_file(folder / "f", "old");
  const std::string text(10000, 'x');
  std::string line;
  {
    const ShortFiles limit;
    line = io_failure([&] { write_file_atomically(folder / "f", text); });
  }
  EXPECT_EQ(line, (folder / "f").string() + ": cannot write: file too large");
  EXPECT_EQ(contents(folder / "f"), "old");
  EXPECT_THAT(folder.names(), ElementsAre("f"));
}

/// A disk of 64 KiB, where this process may mount one.
class TinyDisk : public testing::Test {
 protected:
  void SetUp() override {
    mounted_ = ::mount("none", folder_.path().c_str(), "tmpfs", MS_NOSUID | MS_NODEV, "size=64k") == 0;
    if (!mounted_) GTEST_SKIP() << "may not mount a tmpfs here";
  }
  void TearDown() override {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  TemporaryFolder folder_;
  bool mounted_ = false;
};

TEST_F(TinyDisk, AFullDiskKeepsTheOldFileAndLeavesNothing) {
  make_file(folder_ / "f", "old");
  const std::string text(100'000, 'x');
  EXPECT_EQ(io_failure([&] { write_file_atomically(folder_ / "f", text); }),
            (folder_ / "f").string() + ": cannot write: no space left on device");
  EXPECT_EQ(contents(folder_ / "f"), "old");
  EXPECT_THAT(folder_.names(), ElementsAre("f"));
}

TEST_F(TinyDisk, AProbeSeesThatThereIsTooLittleSpace) {
  EXPECT_NO_THROW(probe_writable(folder_.path(), 60'000));
  EXPECT_EQ(io_failure([&] { probe_writable(folder_.path(), 100'000); }),
            folder_.path().string() + ": not enough free space (expected 100,000 bytes, got 65,536 bytes)");
}

TEST(ProbeWritable, LeavesNothing) {
  const TemporaryFolder folder;
  EXPECT_NO_THROW(probe_writable(folder.path(), 1));
  EXPECT_TRUE(folder.names().empty());
}

TEST(ProbeWritable, RefusesWhatIsNoFolderOrCannotTakeAFile) {
  const TemporaryFolder folder;
  make_file(folder / "f", "");
  EXPECT_THAT(io_failure([&] { probe_writable(folder / "none", 0); }), HasSubstr("no such file or directory"));
  EXPECT_THAT(io_failure([&] { probe_writable(folder / "f", 0); }), HasSubstr("not a directory"));
  EXPECT_THAT(io_failure([&] { probe_writable("/proc/self", 0); }), HasSubstr("cannot create a file in the folder"));
}

TEST(ProbeWritable, RefusesWhenTheDiskHasTooLittleSpace) {
  const TemporaryFolder folder;
  EXPECT_THAT(io_failure([&] { probe_writable(folder.path(), std::uint64_t{1} << 62); }),
              HasSubstr("not enough free space (expected 4,611,686,018,427,387,904 bytes"));
}

std::string temporary_name(int process) { return ".model." + std::to_string(process) + "-0123456789abcdef.tmp"; }

TEST(SweepStaleTemporaries, RemovesWhatNobodyHasLocked) {
  const TemporaryFolder folder;
  make_file(folder / temporary_name(::getpid()), "the number of a process says nothing");
  make_file(folder / temporary_name(1), "x");
  sweep_stale_temporaries(folder.path());
  EXPECT_TRUE(folder.names().empty());
}

TEST(SweepStaleTemporaries, LeavesAFileThatIsBeingWritten) {
  const TemporaryFolder folder;
  TemporaryFile file(folder.path(), "model", folder / "model");
  sweep_stale_temporaries(folder.path());
  file.rename_to("model");
  EXPECT_THAT(folder.names(), ElementsAre("model"));
}

TEST(SweepStaleTemporaries, LeavesEverythingElse) {
  const TemporaryFolder folder;
  make_file(folder / "model.1-0123456789abcdef.tmp", "not hidden");
  make_file(folder / ".model.1-0123456789abcdeg.tmp", "no such digit");
  make_file(folder / ".model.1-0123456789abcdef", "no suffix");
  make_file(folder / ".model.0-0123456789abcdef.tmp", "no such process");
  make_file(folder / ".model.99999999999-0123456789abcdef.tmp", "no such process");
  std::filesystem::create_directory(folder / ".folder.1-0123456789abcdef.tmp");
  std::filesystem::create_symlink("model", folder / ".link.1-0123456789abcdef.tmp");
  const auto before = folder.names();
  sweep_stale_temporaries(folder.path());
  EXPECT_EQ(folder.names(), before);
}

TEST(SweepStaleTemporaries, KnowsTheNamesThatTheWriterGives) {
  // A process that dies in mid-write leaves a file of the writer's own naming.
  const TemporaryFolder folder;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_DFL);
    const rlimit limit{.rlim_cur = 4096, .rlim_max = 4096};
    const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::setrlimit(RLIMIT_CORE, &no_core);
    write_file_atomically(folder / "model.safetensors", std::string(10000, 'x'));
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_EQ(folder.names().size(), 1u);
  sweep_stale_temporaries(folder.path());
  EXPECT_TRUE(folder.names().empty());
}

TEST(SweepStaleTemporaries, SaysNothingAboutAMissingFolder) {
  const TemporaryFolder folder;
  EXPECT_NO_THROW(sweep_stale_temporaries(folder / "none"));
}

}  // namespace
}  // namespace nib
