// Standard output that takes nothing: a training run goes on, whose results are its files; a command whose result is
// its text fails, and ends without a word where the reader has gone.

#include <gmock/gmock.h>

#include <csignal>
#include <ostream>

#include "commands/small_set.h"

namespace nib {
namespace {

struct Lost {
  std::string name;
  void (*prepare)(Program&);
  int code;               ///< of a command whose results are lost
  std::string message;    ///< of that command
  std::string warning{};  ///< of a training run
};

/// CTest names the case by this.
void PrintTo(const Lost& lost, std::ostream* out) { *out << lost.name; }

class LostOutput : public testing::TestWithParam<Lost> {
 protected:
  Ending run(const std::vector<std::string>& arguments) const {
    Program program(arguments);
    program.in(folder.path());
    GetParam().prepare(program);
    return program.run();
  }
  const SmallSetFolder folder;
};

TEST_P(LostOutput, DoesNotStopATrainingRun) {
  const Ending ending = run(small_training({"--out", "run"}));
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_TRUE(std::filesystem::exists(folder / "run/model.safetensors"));
  EXPECT_EQ(ending.errors, GetParam().warning);
}

TEST_P(LostOutput, IsAnErrorForADocumentThatWasAskedFor) {
  const Ending ending = run(small_training({"--out", "run", "--json", "--quiet"}));
  EXPECT_EQ(ending.code, GetParam().code);
  EXPECT_THAT(ending.errors, testing::EndsWith(GetParam().message));
  EXPECT_EQ(ending.errors.find("nib: ") == std::string::npos, GetParam().message.empty());
  EXPECT_TRUE(std::filesystem::exists(folder / "run/model.safetensors"));
}

TEST_P(LostOutput, IsAnErrorForResultsInWords) {
  ASSERT_EQ(nib(small_training({"--out", "run"}), folder.path()).code, 0);
  const Ending evaluation = run({"evaluate", "run/model.safetensors", "--data", "set", "--device", "cpu"});
  EXPECT_EQ(evaluation.code, GetParam().code);
  EXPECT_EQ(evaluation.errors, GetParam().message);
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"summary"},
                                                    {"summary", "run"},
                                                    {"show", "--data", "set"},
                                                    {"predict", "run", "--data", "set"},
                                                    {"report", "run"},
                                                    {"data", "verify", "--data", "set"},
                                                    {"data", "list"},
                                                    {"train", "--help"},
                                                    {"--help"},
                                                    {"--version"},
                                                    {}}) {
    const Ending ending = run(arguments);
    EXPECT_EQ(ending.code, GetParam().code) << testing::PrintToString(arguments);
    EXPECT_EQ(ending.errors, GetParam().message) << testing::PrintToString(arguments);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Ways, LostOutput,
    testing::Values(Lost{"FullDevice", [](Program& program) { program.with_output_to("/dev/full"); }, 4,
                         "nib: error: standard output: no space left on device\n",
                         "nib: warning: standard output: no space left on device; the results are in run\n"},
                    Lost{"Closed", [](Program& program) { program.with_closed_output(); }, 4,
                         "nib: error: standard output: bad file descriptor\n"},
                    Lost{"BrokenPipe", [](Program& program) { program.with_broken_pipe(); }, 128 + SIGPIPE, ""}));

}  // namespace
}  // namespace nib
