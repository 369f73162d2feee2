#include "logs/log_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/error.h"
#include "base/temporary_folder.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

/// The line of the error that `open` ends with, behind its exit code.
template <typename Open>
std::string refusal(Open open) {
  try {
    open();
  } catch (const Error& error) {
    return std::to_string(static_cast<int>(error.code())) + " " + error.what();
  }
  return "opened";
}

std::string refusal_of(const std::filesystem::path& path, bool replace = false) {
  return refusal([&] { LogFile::open(path, "log", replace); });
}

/// No file of this process may grow beyond `bytes` while it lives.
class LargestFile {
 public:
  explicit LargestFile(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~LargestFile() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  LargestFile(const LargestFile&) = delete;
  LargestFile& operator=(const LargestFile&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

class LogFileTest : public testing::Test {
 protected:
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "log";
};

TEST_F(LogFileTest, HoldsEveryEntryAsSoonAsItIsWritten) {
  LogFile log = LogFile::open(path, "log", false);
  EXPECT_TRUE(log.is_empty());
  log.write("one\n");
  EXPECT_EQ(contents(path), "one\n");
  log.write("two\n");
  EXPECT_EQ(contents(path), "one\ntwo\n");
  EXPECT_EQ(log.lost(), 0);
}

TEST_F(LogFileTest, IsRemovedWhenNothingWasWritten) {
  { const LogFile log = LogFile::open(path, "log", false); }
  EXPECT_THAT(folder.names(), IsEmpty());
  { const LogFile log = LogFile::create(path, "log"); }
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST_F(LogFileTest, TakesAnEmptyFileAndLeavesItWhenNothingWasWritten) {
  make_file(path, "");
  { const LogFile log = LogFile::open(path, "log", false); }
  EXPECT_THAT(folder.names(), ElementsAre("log"));
}

TEST_F(LogFileTest, RefusesAFileWithContents) {
  make_file(path, "old\n");
  EXPECT_EQ(refusal_of(path), "2 log: " + path.string() + ": the file exists and is not empty");
  EXPECT_EQ(contents(path), "old\n");
  EXPECT_THAT(refusal([&] { LogFile::create(path, "log"); }), StartsWith("4 log: " + path.string()));
}

TEST_F(LogFileTest, ReplacesAFileOnlyWithItsFirstEntry) {
  make_file(path, "old and long\n");
  LogFile log = LogFile::open(path, "log", true);
  EXPECT_EQ(contents(path), "old and long\n");
  log.write("new\n");
  EXPECT_EQ(contents(path), "new\n");
}

TEST_F(LogFileTest, RefusesPlacesThatCannotTakeIt) {
  EXPECT_EQ(refusal_of(folder / "none/log"),
            "2 log: " + (folder / "none/log").string() + ": the folder above it does not exist");
  EXPECT_EQ(refusal_of(folder.path(), true), "2 log: " + folder.path().string() + ": is a folder, not a file");
}

TEST_F(LogFileTest, TellsMissingPermission) {
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  {
    const OrdinaryUser user;
    EXPECT_EQ(refusal_of(path), "4 log: " + path.string() + ": cannot open for writing: permission denied");
  }
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
}

TEST_F(LogFileTest, WritesToAFifoThatIsRead) {
  ASSERT_EQ(mkfifo(path.c_str(), 0666), 0);
  EXPECT_EQ(refusal_of(path), "2 log: " + path.string() + ": nobody reads from it");
  const FileDescriptor reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK));
  LogFile log = LogFile::open(path, "log", false);
  log.write("one\n");
  char text[16];
  EXPECT_EQ(::read(reader.number(), text, sizeof text), 4);
  EXPECT_EQ(log.lost(), 0);
}

TEST_F(LogFileTest, TellsAReaderThatIsGone) {
  const auto handler = std::signal(SIGPIPE, SIG_IGN);
  ASSERT_EQ(mkfifo(path.c_str(), 0666), 0);
  FileDescriptor reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK));
  LogFile log = LogFile::open(path, "log", false);
  reader.close();
  log.write("one\n");
  EXPECT_EQ(log.lost(), EPIPE);
  std::signal(SIGPIPE, handler);
}

TEST_F(LogFileTest, TellsAFullDevice) {
  LogFile log = LogFile::open("/dev/full", "log", false);
  log.write("one\n");
  EXPECT_EQ(log.lost(), ENOSPC);
}

TEST_F(LogFileTest, EndsWithAWholeEntryWhereTheNextHasNoRoom) {
  LogFile log = LogFile::open(path, "log", false);
  log.write("one\n");
  {
    const LargestFile limit(6);
    log.write("too long\n");
  }
  EXPECT_EQ(log.lost(), EFBIG);
  EXPECT_EQ(contents(path), "one\n");
  log.write("not any more\n");
  EXPECT_EQ(contents(path), "one\n");
}

}  // namespace
}  // namespace nib
