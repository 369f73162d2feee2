// nib predict WEIGHTS - --jsonl: answers line by line, with weights that real Keras trained on MNIST.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "commands/program.h"
#include "encodings/base64.h"
#include "support/golden.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

/// A raw PGM file of an upright bar.
std::string bar() {
  std::string text = "P5\n60 50\n255\n";
  const std::size_t begin = text.size();
  text.append(std::size_t{60} * 50, static_cast<char>(220));
  for (std::size_t row = 10; row < 40; ++row) text.replace(begin + row * 60 + 28, 4, 4, 40);
  return text;
}

class Serve : public testing::Test {
 protected:
  Serve() { make_file(folder / "one.pgm", bar()); }

  static std::vector<std::string> arguments(const std::vector<std::string>& more = {}) {
    std::vector<std::string> all{"predict", golden::path("keras/trained.safetensors").string(), "-", "--jsonl",
                                 "--quiet"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  Ending serve(const std::string& input, const std::vector<std::string>& more = {}) const {
    make_file(folder / "input", input);
    return Program(arguments(more)).in(folder.path()).with_input(folder / "input").run();
  }
  static std::vector<json> answers(const std::string& output) {
    std::vector<json> all;
    std::istringstream stream(output);
    for (std::string line; std::getline(stream, line);) all.push_back(json::parse(line));
    return all;
  }
  static std::string data_url(const std::string& bytes, const std::string& type = "") {
    return "data:" + type + ";base64," + to_base64({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  }

  const TemporaryFolder folder;
};

TEST_F(Serve, AnswersEachLineAsADocumentOfTheImageDoes) {
  const Ending ending = serve("one.pgm\n" + data_url(bar(), "image/x-portable-graymap") + "\n");
  EXPECT_EQ(ending.code, 0);
  EXPECT_THAT(ending.errors, IsEmpty());
  std::vector<std::string> alone = arguments();
  alone[2] = "one.pgm";
  alone[3] = "--json";
  json wanted = json::parse(nib(alone, folder.path()).output)["images"][0];
  wanted["line"] = 1;
  std::vector<json> got = answers(ending.output);
  ASSERT_THAT(got, SizeIs(2));
  EXPECT_EQ(got[0], wanted);
  EXPECT_EQ(got[0]["predicted"], 1);
  wanted["line"] = 2;
  wanted["source"] = "line 2";
  EXPECT_EQ(got[1], wanted);
}

TEST_F(Serve, PassesOverBlankLinesAndTakesEitherLineEnd) {
  const Ending ending = serve("\n  \t\r\none.pgm\r\n\none.pgm");
  EXPECT_EQ(ending.code, 0);
  const std::vector<json> got = answers(ending.output);
  ASSERT_THAT(got, SizeIs(2));
  EXPECT_EQ(got[0]["line"], 3);
  EXPECT_EQ(got[1]["line"], 5);
  EXPECT_EQ(got[1]["source"], "one.pgm");
}

TEST_F(Serve, HasNothingToSayOfNoInput) {
  const Ending ending = serve("");
  EXPECT_EQ(ending.code, 0);
  EXPECT_THAT(ending.output, IsEmpty());
}

TEST_F(Serve, TellsWhatIsWrongWithALineAndGoesOn) {
  make_file(folder / "text.png", "Dear reader, this is not a picture.\n");
  const Ending ending = serve("none.pgm\ntext.png\n.\ndata:,x\ndata:;base64,A*==\n" + std::string("a\0b\n", 4) +
                              data_url("no image") + "\none.pgm\n");
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, IsEmpty());
  const std::vector<json> got = answers(ending.output);
  ASSERT_THAT(got, SizeIs(8));
  const std::vector<std::string> wanted = {
      "none.pgm: cannot open: no such file or directory",
      "text.png: ",
      ".: not a regular file",
      "line 4: a data URL without base64 (expected data:;base64, and an image file in base64)",
      "line 5: not base64 (expected letters, digits, + and /, padded with = to a multiple of 4)",
      "line 6: a null byte, which no path has",
      "line 7: "};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(got[i]["line"], i + 1);
    EXPECT_THAT(got[i]["error"].get<std::string>(), StartsWith(wanted[i]));
    EXPECT_THAT(got[i], SizeIs(3)) << got[i];
  }
  EXPECT_EQ(got[7]["predicted"], 1);
}

/// Base64 may be long, and nobody wants to read it again.
TEST_F(Serve, NamesTheLineWhereAnImageIsNoDataUrl) {
  const std::string bare = data_url(bar()).substr(std::string("data:;base64,").size());
  const Ending ending = serve(bare + "\n" + bare.substr(0, 200) + "\n" + std::string(5000, 'x') + "\none.pgm\n");
  EXPECT_EQ(ending.code, 3);
  const std::vector<json> got = answers(ending.output);
  ASSERT_THAT(got, SizeIs(4));
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string line = "line " + std::to_string(i + 1);
    EXPECT_EQ(got[i]["source"], line);
    EXPECT_EQ(got[i]["error"], line +
                                   ": neither a path nor a data URL (expected a file, or data:;base64, before an "
                                   "image file in base64)");
  }
  EXPECT_EQ(got[3]["predicted"], 1);
}

TEST_F(Serve, EndsWithFourWhereFilesAloneWereTheProblem) { EXPECT_EQ(serve("none.pgm\none.pgm\n").code, 4); }

TEST_F(Serve, RefusesALineThatIsTooLongAndGoesOn) {
  const std::size_t limit = (std::size_t{64} << 20) / 3 * 4 + 1024;
  for (const std::string& begin : {std::string("data:;base64,"), std::string(limit, ' ')}) {
    const Ending ending = serve(begin + std::string(limit, 'A') + "\none.pgm\n");
    EXPECT_EQ(ending.code, 3);
    const std::vector<json> got = answers(ending.output);
    ASSERT_THAT(got, SizeIs(2));
    EXPECT_EQ(got[0]["error"], "line 1: the line is too long (expected at most 89,479,508 bytes, got more)");
    EXPECT_EQ(got[1]["predicted"], 1);
  }
}

TEST_F(Serve, FindsSeveralDigitsAndTakesImagesAsTheyAre) {
  const std::vector<json> several = answers(serve("one.pgm\n", {"--several"}).output);
  ASSERT_THAT(several, SizeIs(1));
  EXPECT_EQ(several[0]["line"], 1);
  EXPECT_EQ(several[0]["lines"][0]["text"], "1");
  const std::vector<json> as_is = answers(serve("one.pgm\n", {"--as-is"}).output);
  ASSERT_THAT(as_is, SizeIs(1));
  EXPECT_THAT(as_is[0]["error"].get<std::string>(), StartsWith("one.pgm: "));
}

TEST_F(Serve, AnswersBeforeTheNextLineComes) {
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  const int writer = open((folder / "pipe").c_str(), O_RDWR | O_CLOEXEC);
  Program program(arguments());
  program.in(folder.path()).with_input(folder / "pipe").start();
  for (const std::string line : {"1", "2"}) {
    ASSERT_EQ(write(writer, "one.pgm\n", 8), 8);
    EXPECT_TRUE(program.wait_for_output("{\"line\":" + line + ','));
  }
  // Nothing is left to read, and the input has not ended.
  program.signal(SIGINT);
  const Ending ending = program.wait();
  close(writer);
  EXPECT_EQ(ending.code, 128 + SIGINT);
  EXPECT_THAT(ending.errors, HasSubstr("2 lines were answered"));
  EXPECT_THAT(answers(ending.output), SizeIs(2));
}

TEST_F(Serve, EndsWhereNobodyReadsItsAnswers) {
  make_file(folder / "input", "one.pgm\none.pgm\n");
  const auto program = [this] { return arguments(); };
  const Ending gone = Program(program()).in(folder.path()).with_input(folder / "input").with_broken_pipe().run();
  EXPECT_EQ(gone.code, 128 + SIGPIPE);
  EXPECT_THAT(gone.errors, IsEmpty());
  const Ending full =
      Program(program()).in(folder.path()).with_input(folder / "input").with_output_to("/dev/full").run();
  EXPECT_EQ(full.code, 4);
  EXPECT_THAT(full.errors, StartsWith("nib: error: standard output"));
  const Ending closed = Program(program()).in(folder.path()).with_input(folder / "input").with_closed_output().run();
  EXPECT_EQ(closed.code, 4);
}

TEST_F(Serve, RefusesWhatDoesNotBelongToIt) {
  const auto errors = [this](const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"predict", golden::path("keras/trained.safetensors").string()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Ending ending = nib(all, folder.path());
    EXPECT_EQ(ending.code, 2);
    return ending.errors;
  };
  const std::string alone = "nib: error: --jsonl: takes images from standard input alone (expected - as the only IMAGE";
  EXPECT_THAT(errors({"--jsonl"}), StartsWith(alone + ", got none)"));
  EXPECT_THAT(errors({"one.pgm", "--jsonl"}), StartsWith(alone + ", got one.pgm)"));
  EXPECT_THAT(errors({"-", "one.pgm", "--jsonl"}), StartsWith(alone));
  EXPECT_THAT(errors({"-", "--jsonl", "--json"}), HasSubstr("takes standard output, and so does --json"));
  EXPECT_THAT(errors({"-", "--jsonl", "--out", "steps"}), HasSubstr("writes no pictures"));
  EXPECT_THAT(errors({"-", "--jsonl", "--several", "--as-is"}), HasSubstr("--several"));
  EXPECT_THAT(errors({"-", "--jsonl", "--data", "mnist"}), HasSubstr("--data"));
}

}  // namespace
}  // namespace nib
