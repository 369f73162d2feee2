#include "base/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>

#include "base/file_descriptor.h"
#include "base/temporary_folder.h"

namespace nib {
namespace {

TEST(Output, WritesWhenFlushed) {
  const TemporaryFolder folder;
  const FileDescriptor file(::open((folder / "out").c_str(), O_WRONLY | O_CREAT, 0600));
  Output output(file.number());
  output.write("one ");
  output.write("two");
  EXPECT_EQ(contents(folder / "out"), "");
  output.flush();
  EXPECT_EQ(contents(folder / "out"), "one two");
  EXPECT_EQ(output.lost(), 0);
}

TEST(Output, WritesWhatIsLeftAtItsEnd) {
  const TemporaryFolder folder;
  const FileDescriptor file(::open((folder / "out").c_str(), O_WRONLY | O_CREAT, 0600));
  { Output(file.number()).write("last words"); }
  EXPECT_EQ(contents(folder / "out"), "last words");
}

TEST(Output, WritesMuchWithoutAFlush) {
  const TemporaryFolder folder;
  const FileDescriptor file(::open((folder / "out").c_str(), O_WRONLY | O_CREAT, 0600));
  Output output(file.number());
  const std::string line(1000, 'x');
  for (int i = 0; i < 100; ++i) output.write(line);
  EXPECT_GE(contents(folder / "out").size(), 65536u);
}

TEST(Output, RemembersAFullDisk) {
  const FileDescriptor file(::open("/dev/full", O_WRONLY));
  if (!file.is_open()) GTEST_SKIP() << "no /dev/full here";
  Output output(file.number());
  output.write("result");
  EXPECT_EQ(output.lost(), 0);
  output.flush();
  EXPECT_EQ(output.lost(), ENOSPC);
}

TEST(Output, RemembersAReaderThatWentAndDropsTheRest) {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const FileDescriptor writing(ends[1]);
  ::close(ends[0]);
  Output output(writing.number());
  output.write("result");
  output.flush();
  EXPECT_EQ(output.lost(), EPIPE);
  output.write("more");
  output.flush();
  EXPECT_EQ(output.lost(), EPIPE) << "the first failure is the one that counts";
}

TEST(Output, CountsAClosedDescriptorAsLostEvenWhenItsNumberIsReused) {
  const TemporaryFolder folder;
  FileDescriptor file(::open((folder / "first").c_str(), O_WRONLY | O_CREAT, 0600));
  const int number = file.number();
  file.close();
  Output output(number);
  const FileDescriptor second(::open((folder / "second").c_str(), O_WRONLY | O_CREAT, 0600));
  ASSERT_EQ(second.number(), number);
  output.write("not for this file");
  output.flush();
  EXPECT_EQ(output.lost(), EBADF);
  EXPECT_EQ(contents(folder / "second"), "");
}

TEST(WriteFully, WaitsForAReaderWhereThePipeIsNonBlocking) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_NONBLOCK), 0);
  FileDescriptor reading(ends[0]), writing(ends[1]);
  const std::string text(1 << 20, 'x');  // more than a pipe holds
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    reading.close();
    const int failed = write_fully(writing.number(), {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    ::_exit(failed);
  }
  writing.close();
  ::fcntl(reading.number(), F_SETFL, 0);
  std::size_t total = 0;
  char buffer[4096];
  for (ssize_t count = 0; (count = ::read(reading.number(), buffer, sizeof buffer)) > 0;)
    total += static_cast<std::size_t>(count);
  EXPECT_EQ(total, text.size());
}

}  // namespace
}  // namespace nib
