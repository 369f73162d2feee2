// The rooms below the command line name settings and mark them in their texts: users see flags, and never a mark.

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "commands/small_set.h"

namespace nib {
namespace {

using testing::HasSubstr;

struct Failure {
  std::vector<std::string> arguments;
  std::string flag;  ///< with what follows it in the text
};

/// CTest names the case by this.
void PrintTo(const Failure& failure, std::ostream* out) { *out << failure.arguments.front() << failure.flag; }

bool has_mark(const std::string& text) {
  for (const char* const mark : {"\1", "\2", "\\x01", "\\x02", "\\u0001", "\\u0002"})
    if (text.find(mark) != std::string::npos) return true;
  return false;
}

class NamedSetting : public testing::TestWithParam<Failure> {};

TEST_P(NamedSetting, IsAFlagToUsers) {
  const SmallSetFolder folder;
  std::filesystem::create_directory(folder / "there");
  std::ofstream(folder / "log") << "text\n";
  std::ofstream(folder / "set.png") << std::string("\0\0\x08\x03", 4);
  std::ofstream(folder / "small.json")
      << R"({"input":[8,8,1],"layers":[{"type":"flatten"},{"type":"dense","units":10,"activation":"softmax"}]})";
  const Ending ending = nib(GetParam().arguments, folder.path());
  EXPECT_NE(ending.code, 0);
  EXPECT_THAT(ending.output + ending.errors, HasSubstr(GetParam().flag));
  EXPECT_FALSE(has_mark(ending.output)) << ending.output;
  EXPECT_FALSE(has_mark(ending.errors)) << ending.errors;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    const std::string ending_of_name = entry.path().extension();
    if (ending_of_name != ".json" && ending_of_name != ".csv") continue;
    std::ifstream file(entry.path());
    EXPECT_FALSE(has_mark({std::istreambuf_iterator<char>(file), {}})) << entry.path();
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rooms, NamedSetting,
    testing::Values(Failure{{"data", "verify", "--data", "minst"}, "--data minst: "},
                    Failure{{"show", "--data", "there/none"}, "--data there/none: "},
                    Failure{{"show", "--data", "set", "--out", "there"}, "--force writes "},
                    Failure{{"show", "--data", "set", "--out", "log/b"}, "--out: log/b: "},
                    Failure{{"summary", "--network", "none"}, "--network takes "},
                    Failure{{"predict", "WEIGHTS", "set.png"}, "WEIGHTS: "},
                    Failure{{"train", "--data", "set", "--network", "small.json"}, "--network FILE "},
                    Failure{{"train", "--data", "set", "--validation-split", "0.9999"}, "--validation-split 0 "},
                    Failure{{"show", "--data", "none"}, "--data none: no known data set"},
                    Failure{{"train", "--data", "set", "--log-json", "log"}, "--log-json: log: "},
                    Failure{{"train", "--data", "set", "--tensorboard", "log"}, "--tensorboard: log: "},
                    Failure{{"train", "--data", "set", "--device", "cpu", "--precision", "tf32"}, "--precision: "},
                    Failure{{"train", "--data", "set", "--device", "cuda"}, "--device cpu"},
                    Failure{{"train", "--data", "set", "--out", "run", "--no-pictures", "--learning-rate", "1e30"},
                            "--learning-rate may help"}));

TEST(NamedSettings, AreFlagsInDocuments) {
  const SmallSetFolder folder;
  ASSERT_EQ(nib(small_training({"--out", "run", "--no-pictures"}), folder.path()).code, 0);
  std::ofstream(folder / "set.png") << std::string("\0\0\x08\x03", 4);
  std::ofstream(folder / "small.pgm") << "P2 1 1 255 0\n";
  const Ending images =
      nib({"predict", "run/model.safetensors", "set.png", "small.pgm", "--as-is", "--json"}, folder.path());
  EXPECT_THAT(images.errors, HasSubstr("hint: --data DIR takes the folder of such a set"));
  EXPECT_THAT(images.errors, HasSubstr("hint: without --as-is pictures of any size are prepared"));
  EXPECT_FALSE(has_mark(images.output + images.errors));
  const Ending machine = nib({"doctor", "--json"}, folder.path());
  EXPECT_FALSE(has_mark(machine.output + machine.errors)) << machine.output << machine.errors;
}

}  // namespace
}  // namespace nib
