// What --json prints: the keys and types that docs/json.md promises, and the figures that the text has.

#include <gmock/gmock.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>

#include "commands/documented.h"
#include "commands/small_set.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

/// A small set, a run on it, and a picture with an upright bar.
class Work : public SmallSetFolder {
 public:
  Work() {
    training = nib(small_training({"--out", "run", "--json"}), path());
    std::string picture = "P5\n60 60\n255\n" + std::string(3600, '\xf0');
    for (std::size_t row = 12; row < 48; ++row) picture.replace(13 + row * 60 + 28, 4, 4, '\x10');
    make_file(*this / "one.pgm", picture);
    std::filesystem::copy(*this / "set", *this / "untested");
    for (const char* const file : {"untested/t10k-images-idx3-ubyte", "untested/t10k-labels-idx1-ubyte"})
      std::filesystem::remove(*this / file);
    nib({"train", "--data", "untested", "--epochs", "1", "--no-pictures", "--out", "untested-run"}, path());
    make_file(*this / "text.png", "Dear reader, this is not a picture.\n");
  }
  Ending training;
};

const Work& work() {
  static const Work folder;
  return folder;
}

struct Document {
  std::string title;                   ///< in docs/json.md
  std::vector<std::string> arguments;  ///< without --json
  int code = 0;
};

/// CTest names the case by this.
void PrintTo(const Document& document, std::ostream* out) { *out << document.title << ' ' << document.code; }

Ending with_json(std::vector<std::string> arguments) {
  arguments.emplace_back("--json");
  return nib(arguments, work().path());
}

std::vector<std::string> small_sweep(const std::string& folder) {
  return {"sweep",   "--data", "set",     "--device", "cpu",   "--epochs", "1",
          "--batch", "64,128", "--seeds", "0-1",      "--out", folder};
}

const std::string weights = "run/model.safetensors";
const std::vector<Document> documents = {
    {"nib train --json",
     small_training({"--out", "third", "--validation-split", "0", "--log-json", "log", "--tensorboard", "board"})},
    {"nib train --json", {"train", "--data", "untested", "--epochs", "1", "--no-pictures", "--out", "untested-too"}},
    {"nib report --json", {"report", "untested-run"}},
    {"nib evaluate --json", {"evaluate", weights, "--data", "set", "--device", "cpu"}},
    {"nib predict --index --json", {"predict", weights, "--data", "set", "--index", "3-5"}},
    {"nib predict --index --json",
     {"predict", weights, "--data", "untested", "--index", "0-3", "--csv", "answers.csv"}},
    {"nib predict IMAGE --json", {"predict", weights, "one.pgm", "text.png"}, 3},
    {"nib predict IMAGE --several --json",
     {"predict", weights, "one.pgm", "text.png", "--several", "--out", "found"},
     3},
    {"nib draw --json", {"draw", weights, "--out", "page.html", "--force"}},
    {"nib show --json", {"show", "--data", "set", "--index", "4-6"}},
    {"nib summary --json", {"summary"}},
    {"nib report --json", {"report", "run"}},
    {"nib reproduce --json", {"reproduce", "run"}},
    {"nib reproduce --json", {"reproduce", "run", "--epochs", "1"}},
    {"nib sweep --json", small_sweep("many")},
    {"nib sweep --json", {"sweep", "--all-tests", "--collect", "earlier"}},
    {"nib sweep --json",
     {"sweep", "--data", "set", "--device", "cpu", "--epochs", "1", "--validation-split", "0", "--out", "single"}},
    {"nib bench --json", {"bench", "--data", "set", "--epochs", "1", "--threads", "1", "--device", "cpu"}},
    {"nib bench --json", {"bench", "--data", "set", "--epochs", "1", "--threads", "1,2", "--device", "cpu"}},
    {"nib compare --json", {"compare", "run", "other"}},
    {"nib convert --json", {"convert", weights, "converted.npz", "--data", "set", "--force"}},
    {"nib runs --json", {"runs", "."}},
    {"nib verify --json", {"verify", "--device", "cpu"}},
    {"nib verify --devices --json", {"verify", weights, "--devices", "cpu,cpu", "--data", "set"}},
    {"nib data list --json", {"data", "list"}},
    {"nib data verify --json", {"data", "verify", "--data", "set"}},
    {"nib data verify --json", {"data", "verify", "--data", "run"}, 3},
    {"nib data describe --json", {"data", "describe", "set"}},
    {"nib data convert --json", {"data", "convert", "set", "set.npz", "--force"}},
    {"nib data fetch --json", {"data", "fetch", "kmnist", "--print-urls"}},
    {"nib doctor --json", {"doctor"}},
    {"nib version --json", {"version"}},
};

class Documents : public testing::TestWithParam<Document> {};

TEST_P(Documents, HaveTheKeysAndTypesThatAreDocumented) {
  if (GetParam().arguments.back() == "other") nib(small_training({"--out", "other", "--seed", "1"}), work().path());
  if (GetParam().arguments.back() == "earlier") nib(small_sweep("earlier"), work().path());
  const Ending ending = with_json(GetParam().arguments);
  EXPECT_EQ(ending.code, GetParam().code) << ending.errors;
  EXPECT_THAT(differences_from_documentation(json::parse(ending.output), GetParam().title), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Commands, Documents, testing::ValuesIn(documents));

const std::string served = "nib predict - --jsonl";

TEST(Documents, AreALineEachWhereLinesAreAnswered) {
  make_file(work() / "lines", "one.pgm\ntext.png\ndata:,\n");
  for (const bool several : {false, true}) {
    std::vector<std::string> arguments = {"predict", weights, "-", "--jsonl"};
    if (several) arguments.emplace_back("--several");
    const Ending ending = Program(arguments).in(work().path()).with_input(work() / "lines").run();
    EXPECT_EQ(ending.code, 3);
    std::istringstream lines(ending.output);
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count)
      EXPECT_THAT(differences_from_documentation(json::parse(line), served), IsEmpty());
    EXPECT_EQ(count, 3);
  }
}

TEST(Documents, AreAllDocumentedAndTested) {
  std::vector<std::string> tested{served};
  for (const Document& document : documents) tested.push_back(document.title);
  for (const std::string& title : documented_titles()) EXPECT_THAT(tested, testing::Contains(title));
}

TEST(Documents, HaveTheirTextOnTheOtherStream) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"show", "--data", "set"}, {"summary"}, {"data", "list"}, {"version"}}) {
    const Ending plain = nib(arguments, work().path());
    EXPECT_EQ(with_json(arguments).errors, plain.output);
    EXPECT_THAT(plain.errors, IsEmpty());
  }
}

TEST(Documents, AreNotPrintedByACommandThatFails) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"show", "--data", "none"}, {"summary", "--network", "none"}, {"report", "none"}}) {
    const Ending ending = with_json(arguments);
    EXPECT_GT(ending.code, 0);
    EXPECT_THAT(ending.output, IsEmpty());
    EXPECT_THAT(ending.errors, testing::StartsWith("nib: error: "));
  }
}

TEST(ShowDocument, HasTheImagesOfTheText) {
  const json document = json::parse(with_json({"show", "--data", "set", "--index", "4-6"}).output);
  const Ending text = nib({"show", "--data", "set", "--index", "4-6"}, work().path());
  ASSERT_EQ(document["images"].size(), 3U);
  std::string::size_type at = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const json& image = document["images"][i];
    EXPECT_EQ(image["index"], 4 + i);
    EXPECT_EQ(image["name"], std::to_string(image["true"].get<int>()));
    at = text.output.find("Label: " + image["name"].get<std::string>(), at);
    EXPECT_NE(at, std::string::npos) << text.output;
    ++at;
  }
}

TEST(SummaryDocument, HasTheFiguresOfTheTable) {
  const json document = json::parse(with_json({"summary"}).output);
  EXPECT_EQ(document["parameters"], 225034);
  EXPECT_EQ(document["parameter_bytes"], 4 * 225034);
  const json& layers = document["layers"];
  ASSERT_EQ(layers.size(), 7U);
  EXPECT_EQ(layers[0],
            (json{{"name", "conv2d"}, {"type", "convolution"}, {"output_shape", {26, 26, 32}}, {"parameters", 320}}));
  EXPECT_EQ(layers[4], (json{{"name", "flatten"}, {"type", "flatten"}, {"output_shape", {1600}}, {"parameters", 0}}));
  EXPECT_EQ(layers[6]["parameters"], 1290);
}

TEST(ReportDocument, NamesThePageAndTheFiguresOfTheRun) {
  const Ending ending = with_json({"report", "run"});
  const json document = json::parse(ending.output), run = json::parse(work().training.output);
  EXPECT_THAT(ending.errors, HasSubstr("Report: " + document["report"].get<std::string>() + "\n"));
  EXPECT_TRUE(std::filesystem::exists(work() / document["report"].get<std::string>()));
  EXPECT_EQ(document["test"], run["test"]);
  EXPECT_EQ(document["weights_sha256"], run["weights_sha256"]);
  EXPECT_THAT(document["pictures"], testing::Contains("confusion"));
}

TEST(EvaluationDocument, HasTheFiguresOfEachClassAsNumbers) {
  const json document = json::parse(with_json({"evaluate", weights, "--data", "set", "--device", "cpu"}).output);
  const json& matrix = document["test"]["confusion_matrix"];
  ASSERT_EQ(document["classes"].size(), matrix.size());
  for (std::size_t k = 0; k < matrix.size(); ++k) {
    std::uint64_t support = 0, predicted = 0;
    for (std::size_t other = 0; other < matrix.size(); ++other) {
      support += matrix[k][other].get<std::uint64_t>();
      predicted += matrix[other][k].get<std::uint64_t>();
    }
    const double right = matrix[k][k].get<double>();
    const json& figures = document["classes"][k];
    EXPECT_EQ(figures["class"], k);
    EXPECT_EQ(figures["support"], support);
    EXPECT_DOUBLE_EQ(figures["recall"].get<double>(), support ? right / static_cast<double>(support) : 0);
    EXPECT_DOUBLE_EQ(figures["precision"].get<double>(), predicted ? right / static_cast<double>(predicted) : 0);
    char row[100];
    std::snprintf(row, sizeof row, "%12s  %9.2f %9.2f %9.2f %9d\n", figures["name"].get<std::string>().c_str(),
                  figures["precision"].get<double>(), figures["recall"].get<double>(), figures["f1"].get<double>(),
                  figures["support"].get<int>());
    EXPECT_THAT(document["report"].get<std::string>(), HasSubstr(row));
  }
}

TEST(DataDocuments, SayWhatTheTextSays) {
  const Ending list = with_json({"data", "list"});
  const json known = json::parse(list.output);
  for (const json& set : known["sets"]) {
    EXPECT_THAT(list.errors, HasSubstr(set["title"].get<std::string>()));
    EXPECT_NE(set["folder"].is_null(), set["hint"].is_null());
    const std::string where = set["folder"].is_null() ? "not found (hint: " + set["hint"].get<std::string>() + ")"
                                                      : set["folder"].get<std::string>();
    EXPECT_THAT(list.errors, HasSubstr(" " + where + "\n"));
  }
  const Ending whole = with_json({"data", "verify", "--data", "set"});
  const json set = json::parse(whole.output);
  EXPECT_EQ(set["whole"], true);
  EXPECT_EQ(set["title"], "unknown IDX set");
  for (const json& file : set["files"]) {
    EXPECT_TRUE(file["problem"].is_null());
    EXPECT_THAT(whole.errors, HasSubstr("sha256 " + file["raw_sha256"].get<std::string>() + "\n"));
  }
  EXPECT_EQ(set["files"][1]["name"], "train-labels");
  EXPECT_EQ(set["files"][1]["raw_bytes"], 8 + small_training_images);
  const Ending none = with_json({"data", "verify", "--data", "run"});
  EXPECT_EQ(none.code, 3);
  const json wrong = json::parse(none.output);
  EXPECT_EQ(wrong["whole"], false);
  for (const json& file : wrong["files"])
    EXPECT_THAT(none.errors, HasSubstr("wrong  " + file["problem"].get<std::string>() + "\n"));
}

TEST(VersionDocument, HasTheVersionThatIsPrinted) {
  const Ending version = with_json({"version"});
  const json program = json::parse(version.output)["program"];
  std::string line = "nib " + program["version"].get<std::string>();
  if (!program["commit"].is_null()) line += " (" + program["commit"].get<std::string>() + ")";
  EXPECT_EQ(version.errors, line + "\n");
  for (const char* const option : {"-V", "--version"}) EXPECT_EQ(nib({option}, work().path()).output, line + "\n");
}

}  // namespace
}  // namespace nib
