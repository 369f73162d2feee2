#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/files.h"
#include "base/temporary_folder.h"

namespace nib {
namespace {

using testing::HasSubstr;

/// Reads a file that must be refused and gives the error's code and line.
std::pair<ExitCode, std::string> refusal(const std::filesystem::path& path, std::uint64_t limit = 1000) {
  try {
    read_file(path, limit);
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  return {ExitCode::ok, "was read"};
}

TEST(ReadFile, GivesAllBytes) {
  const TemporaryFolder folder;
  make_file(folder / "f", std::string("a\0b", 3));
  EXPECT_EQ(read_file(folder / "f", 3), (std::vector<std::uint8_t>{'a', 0, 'b'}));
  make_file(folder / "empty", "");
  EXPECT_TRUE(read_file(folder / "empty", 0).empty());
}

TEST(ReadFile, GivesBeginningAndEnd) {
  const TemporaryFolder folder;
  make_file(folder / "f", "abcd");
  const auto text = [](const std::vector<std::uint8_t>& bytes) { return std::string(bytes.begin(), bytes.end()); };
  EXPECT_EQ(text(beginning_of(folder / "f", 3)), "abc");
  EXPECT_EQ(text(end_of(folder / "f", 3)), "bcd");
  EXPECT_EQ(text(end_of(folder / "f", 9)), "abcd");
  EXPECT_EQ(text(end_of(folder / "none", 9)), "");
  EXPECT_EQ(text(end_of(folder.path(), 9)), "");
}

TEST(ReadFile, FollowsALink) {
  const TemporaryFolder folder;
  make_file(folder / "f", "x");
  std::filesystem::create_symlink("f", folder / "link");
  EXPECT_EQ(read_file(folder / "link", 9).size(), 1u);
}

TEST(ReadFile, RefusesWhatIsMissing) {
  const TemporaryFolder folder;
  const auto [code, line] = refusal(folder / "none");
  EXPECT_EQ(code, ExitCode::io);
  EXPECT_EQ(line, (folder / "none").string() + ": cannot open: no such file or directory");
}

TEST(ReadFile, RefusesALoopOfLinks) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("loop", folder / "loop");
  const auto [code, line] = refusal(folder / "loop");
  EXPECT_EQ(code, ExitCode::io);
  EXPECT_THAT(line, HasSubstr("cannot open: too many levels of symbolic links"));
}

TEST(ReadFile, RefusesANameThatIsTooLong) {
  const auto [code, line] = refusal(std::string(5000, 'x'));
  EXPECT_EQ(code, ExitCode::io);
  EXPECT_THAT(line, HasSubstr("cannot open: file name too long"));
  EXPECT_LT(line.size(), 4400u);
}

TEST(ReadFile, RefusesWhatMayNotBeRead) {
  const TemporaryFolder folder;
  ::chmod(folder.path().c_str(), 0755);
  make_file(folder / "f", "x");
  ::chmod((folder / "f").c_str(), 0);
  const OrdinaryUser user;
  const auto [code, line] = refusal(folder / "f");
  EXPECT_EQ(code, ExitCode::io);
  EXPECT_THAT(line, HasSubstr("cannot open: permission denied"));
}

TEST(ReadFile, RefusesADirectory) {
  const TemporaryFolder folder;
  const auto [code, line] = refusal(folder.path());
  EXPECT_EQ(code, ExitCode::bad_input);
  EXPECT_THAT(line, HasSubstr("not a regular file (expected a regular file, got a directory)"));
}

TEST(ReadFile, RefusesAFifoWithoutWaitingForIt) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  const auto [code, line] = refusal(folder / "fifo");
  EXPECT_EQ(code, ExitCode::bad_input);
  EXPECT_THAT(line, HasSubstr("got a FIFO"));
}

TEST(ReadFile, RefusesADevice) {
  const auto [code, line] = refusal("/dev/zero");
  EXPECT_EQ(code, ExitCode::bad_input);
  EXPECT_THAT(line, HasSubstr("got a device"));
}

TEST(ReadFile, ChecksTheSizeBeforeItReads) {
  const TemporaryFolder folder;
  make_file(folder / "f", "x");
  std::filesystem::resize_file(folder / "f", 10'000'000'000);  // sparse: takes no space
  const auto [code, line] = refusal(folder / "f");
  EXPECT_EQ(code, ExitCode::bad_input);
  EXPECT_THAT(line, HasSubstr("file too large (expected at most 1,000 bytes, got 10,000,000,000 bytes)"));
}

}  // namespace
}  // namespace nib
