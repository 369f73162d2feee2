#include "base/line_reader.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"

namespace nib {
namespace {

using testing::ElementsAre;

class LineReaderTest : public testing::Test {
 protected:
  LineReaderTest() { EXPECT_EQ(pipe2(ends_.data(), O_CLOEXEC), 0); }
  ~LineReaderTest() override {
    for (const int end : ends_)
      if (end >= 0) close(end);
  }
  void write(const std::string& text) const {
    EXPECT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void end() { close(std::exchange(ends_[1], -1)); }
  int stream() const { return ends_[0]; }

  /// "NUMBER:TEXT", with "..." behind one that is too long.
  static std::vector<std::string> all(LineReader& reader) {
    std::vector<std::string> lines;
    while (const auto line = reader.next())
      lines.push_back(std::to_string(line->number) + ':' + line->text + (line->too_long ? "..." : ""));
    return lines;
  }
  std::vector<std::string> all_of(const std::string& text, std::size_t longest = 100) {
    write(text);
    end();
    LineReader reader(stream(), "pipe", longest);
    return all(reader);
  }

 private:
  std::array<int, 2> ends_{};
};

TEST_F(LineReaderTest, TakesLinesWithEitherEnd) {
  EXPECT_THAT(all_of("one\ntwo\r\n\n\r\n a\rb \n"), ElementsAre("1:one", "2:two", "3:", "4:", "5: a\rb "));
}

TEST_F(LineReaderTest, TakesALastLineWithoutAnEnd) { EXPECT_THAT(all_of("one\ntwo\r"), ElementsAre("1:one", "2:two")); }

TEST_F(LineReaderTest, TakesNothingOfAnEmptyStream) { EXPECT_THAT(all_of(""), ElementsAre()); }

TEST_F(LineReaderTest, KeepsNullBytes) {
  EXPECT_THAT(all_of(std::string("a\0b\nc", 5)), ElementsAre(std::string("1:a\0b", 5), "2:c"));
}

TEST_F(LineReaderTest, PassesOverTheRestOfALineThatIsTooLong) {
  EXPECT_THAT(all_of("1234\n12345\n123456789\r\nlast", 4), ElementsAre("1:1234", "2:1234...", "3:1234...", "4:last"));
}

TEST_F(LineReaderTest, HoldsNoMoreOfALineThanItMayHave) {
  std::thread writer([this] {
    const std::string piece(1 << 16, 'x');
    for (int i = 0; i < 64; ++i) write(piece);
    write("\nnext\n");
    end();
  });
  LineReader reader(stream(), "pipe", 1000);
  const auto line = reader.next();
  ASSERT_TRUE(line);
  EXPECT_TRUE(line->too_long);
  EXPECT_EQ(line->text, std::string(1000, 'x'));
  EXPECT_LT(line->text.capacity(), 2048U);
  EXPECT_THAT(all(reader), ElementsAre("2:next"));
  writer.join();
}

TEST_F(LineReaderTest, GivesALineBeforeTheNextOneComes) {
  LineReader reader(stream(), "pipe", 100);
  write("one\ntw");
  EXPECT_EQ(reader.next()->text, "one");
  write("o\n");
  EXPECT_EQ(reader.next()->text, "two");
}

TEST_F(LineReaderTest, SaysWhatCannotBeRead) {
  const int folder = open("/", O_RDONLY | O_CLOEXEC | O_DIRECTORY);
  LineReader reader(folder, "standard input", 100);
  try {
    reader.next();
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::io);
    EXPECT_STREQ(error.what(), "standard input: cannot read: is a directory");
  }
  close(folder);
}

}  // namespace
}  // namespace nib
