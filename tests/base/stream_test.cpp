#include "base/stream.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "base/error.h"
#include "base/temporary_folder.h"

namespace nib {
namespace {

using testing::EndsWith;

/// A FIFO in a folder, into which a thread writes a text once somebody reads.
class FedFifo {
 public:
  FedFifo(std::filesystem::path path, std::string text) {
    EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
    writer_ = std::jthread([path = std::move(path), text = std::move(text)] { make_file(path, text); });
  }

 private:
  std::jthread writer_;
};

std::string refusal(const std::filesystem::path& path, std::uint64_t limit) {
  try {
    read_file_or_fifo(path, limit);
  } catch (const Error& error) {
    return error.what();
  }
  return "was read";
}

TEST(ReadFileOrFifo, ReadsAFile) {
  const TemporaryFolder folder;
  make_file(folder / "f", "abc");
  EXPECT_EQ(read_file_or_fifo(folder / "f", 3), (std::vector<std::uint8_t>{'a', 'b', 'c'}));
  EXPECT_THAT(refusal(folder / "f", 2), EndsWith("file too large (expected at most 2 bytes, got 3 bytes)"));
}

TEST(ReadFileOrFifo, WaitsForAFifoAndReadsItWhole) {
  const TemporaryFolder folder;
  const std::string text(200'000, 'x');  // more than a pipe holds
  const FedFifo fifo(folder / "fifo", text);
  const std::vector<std::uint8_t> bytes = read_file_or_fifo(folder / "fifo", text.size());
  EXPECT_EQ(std::string(bytes.begin(), bytes.end()), text);
}

TEST(ReadFileOrFifo, BoundsAFifo) {
  const TemporaryFolder folder;
  const FedFifo fifo(folder / "fifo", std::string(1001, 'x'));
  EXPECT_THAT(refusal(folder / "fifo", 1000), EndsWith("fifo: too large (expected at most 1,000 bytes, got more)"));
}

TEST(ReadFileOrFifo, RefusesFoldersAndDevices) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal(folder.path(), 9), EndsWith("not a regular file (expected a regular file, got a directory)"));
  EXPECT_THAT(refusal("/dev/zero", 9), EndsWith("got a device)"));
}

TEST(ReadStream, TellsAReadThatFails) {
  const int unreadable = ::open("/dev/null", O_WRONLY);
  try {
    read_stream(unreadable, "standard input", 9);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::io);
    EXPECT_STREQ(error.what(), "standard input: cannot read: bad file descriptor");
  }
  ::close(unreadable);
}

TEST(SystemText, IsTheWholeFileOrNothing) {
  EXPECT_THAT(system_text("/proc/self/status"), testing::StartsWith("Name:\t"));
  EXPECT_EQ(system_text("/proc/self/none"), "");
  EXPECT_EQ(system_text("/proc/self"), "");
}

}  // namespace
}  // namespace nib
