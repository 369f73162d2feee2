// nib predict WEIGHTS IMAGE...: with weights that real Keras trained on MNIST.

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "commands/program.h"
#include "images/decoding/heif.h"
#include "images/decoding/webp.h"
#include "support/golden.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

/// A raw PGM file of one grey with upright bars of another.
std::string bars(std::size_t columns, std::size_t rows, const std::vector<std::size_t>& places, int paper, int ink) {
  std::string text = "P5\n" + std::to_string(columns) + ' ' + std::to_string(rows) + "\n255\n";
  const std::size_t begin = text.size(), width = std::max<std::size_t>(1, rows / 14);
  text.append(columns * rows, static_cast<char>(paper));
  for (const std::size_t place : places)
    for (std::size_t row = rows / 5; row < rows * 4 / 5; ++row)
      text.replace(begin + row * columns + place, width, width, static_cast<char>(ink));
  return text;
}

class PredictImages : public testing::Test {
 protected:
  PredictImages() {
    make_file(folder / "one.pgm", bars(200, 150, {80}, 220, 40));
    make_file(folder / "chalk.pgm", bars(300, 200, {200}, 30, 210));
    make_file(folder / "two.pgm", bars(200, 150, {50, 130}, 220, 40));
    make_file(folder / "blank.pgm", bars(60, 50, {}, 128, 0));
    make_file(folder / "text.png", "Dear reader, this is not a picture.\n");
  }
  static std::vector<std::string> arguments(const std::vector<std::string>& more) {
    std::vector<std::string> all{"predict", golden::path("keras/trained.safetensors").string()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  Ending predict(const std::vector<std::string>& more) const { return nib(arguments(more), folder.path()); }
  json images(const std::vector<std::string>& more) const {
    std::vector<std::string> with_json = more;
    with_json.push_back("--json");
    return json::parse(predict(with_json).output)["images"];
  }

  const TemporaryFolder folder;
};

TEST_F(PredictImages, ShowsWhatTheNetworkSawAndTheLikeliestClasses) {
  const Ending ending = predict({"one.pgm", "chalk.pgm", "--quiet"});
  EXPECT_EQ(ending.code, 0);
  EXPECT_THAT(ending.errors, IsEmpty());
  EXPECT_THAT(ending.output,
              AllOf(StartsWith("one.pgm (200x150, dark on light)\n"),
                    HasSubstr("\nchalk.pgm (300x200, light on dark)\n"), HasSubstr("   Predicted: 1\n"),
                    testing::ContainsRegex("   1 +[0-9.]+ %\n"), HasSubstr("██"), Not(HasSubstr("warning"))));
}

TEST_F(PredictImages, PutsTheClassesBelowWhereTheTerminalIsNarrow) {
  const Ending ending =
      Program(arguments({"one.pgm", "--quiet"})).in(folder.path()).with_environment("COLUMNS", "20").run();
  EXPECT_THAT(ending.output, HasSubstr("\nPredicted: 1\n"));
}

TEST_F(PredictImages, WarnsOfMoreThanOneDigit) {
  const Ending ending = predict({"two.pgm"});
  EXPECT_EQ(ending.code, 0);
  EXPECT_THAT(
      ending.output,
      HasSubstr("\nwarning: looks like more than one digit: the largest is taken (--several reads them all)\n"));
  const json warnings = images({"two.pgm"})[0]["warnings"];
  ASSERT_THAT(warnings, SizeIs(1));
  EXPECT_EQ(warnings[0], "looks like more than one digit: the largest is taken (--several reads them all)");
}

TEST_F(PredictImages, WarnsOfAnAnswerThatIsNotStable) {
  std::string pixels(28 * 28, '\0');  // between a 1 and a 7
  for (std::size_t row = 5; row < 24; ++row) pixels.replace(row * 28 + 13, 2, 2, '\xff');
  for (const std::size_t row : {5U, 6U}) pixels.replace(row * 28 + 6, 9, 9, '\xff');
  make_file(folder / "flag.pgm", "P5\n28 28\n255\n" + pixels);
  EXPECT_THAT(predict({"flag.pgm", "--as-is"}).output,
              HasSubstr("\nwarning: the answer is not stable: the network sees 7 or 1 where the digit is moved by a "
                        "pixel, 53 % for 7 in the mean\n"));
}

TEST_F(PredictImages, ReadsSeveralDigitsLineByLine) {
  const Ending ending = predict({"two.pgm", "one.pgm", "blank.pgm", "--several", "--quiet"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.output, AllOf(StartsWith("two.pgm (200x150, dark on light, 2 digits in 1 line)\n\n   11\n"),
                                   HasSubstr("one.pgm (200x150, dark on light, 1 digit in 1 line)\n\n   1\n")));
  EXPECT_THAT(ending.errors, StartsWith("nib: error: blank.pgm: no stroke found\nhint: "));
}

TEST_F(PredictImages, TellsWhereEachOfSeveralDigitsIs) {
  const json found = images({"two.pgm", "--several", "--out", "found"})[0];
  EXPECT_EQ(found["digits"], 2);
  EXPECT_EQ(found["frames"], 0);
  ASSERT_THAT(found["lines"], SizeIs(1));
  EXPECT_EQ(found["lines"][0]["text"], "11");
  const json& digits = found["lines"][0]["digits"];
  ASSERT_THAT(digits, SizeIs(2));
  EXPECT_EQ(digits[0]["box"], (json{{"row", 30}, {"column", 50}, {"rows", 90}, {"columns", 10}}));
  EXPECT_EQ(digits[1]["box"]["column"], 130);
  EXPECT_EQ(digits[1]["top"][0]["name"], "1");
  EXPECT_EQ(found["picture"], "two-steps.png");
  EXPECT_THAT(contents(folder / "found/two-steps.png"), StartsWith("\x89PNG"));
}

TEST_F(PredictImages, WarnsOfWhatMayBeNoDigitOnALine) {
  std::string line = bars(400, 150, {40, 120, 340}, 220, 40);
  const std::size_t begin = line.size() - std::size_t{400 * 150};
  for (std::size_t row = 10; row < 140; ++row) line.replace(begin + row * 400 + 340, 10, 10, '\x28');  // a slash
  for (std::size_t row = 72; row < 80; ++row) line.replace(begin + row * 400 + 200, 40, 40, '\x28');   // a dash
  make_file(folder / "line.pgm", line);
  const std::string tall = "digit 3: it is taller than its line: is it a slash, or a bracket?",
                    low = "1 low mark is left out, as dashes and dots are";
  EXPECT_THAT(predict({"line.pgm", "--several", "--quiet"}).output,
              AllOf(HasSubstr("3 digits in 1 line)\n\n   111\n"),
                    HasSubstr("\nwarning: " + tall + "\nwarning: " + low + '\n')));
  const json warnings = images({"line.pgm", "--several"})[0]["warnings"];
  EXPECT_EQ(warnings, (json{tall, low}));
}

TEST_F(PredictImages, SeveralIsForPicturesThatArePrepared) {
  EXPECT_EQ(predict({"two.pgm", "--several", "--as-is"}).errors,
            "nib: error: --several: finds digits in pictures (got --as-is as well)\n");
  EXPECT_EQ(predict({"--several"}).errors, "nib: error: --several: is for own images, and no IMAGE is given\n");
  EXPECT_THAT(predict({"two.pgm", "--several", "--csv", "table.csv"}).errors,
              StartsWith("nib: error: --csv: is for the images of a test set, not for own images"));
}

TEST_F(PredictImages, WithJsonPrintsOneDocument) {
  const Ending ending = predict({"one.pgm", "blank.pgm", "--json"});
  EXPECT_EQ(ending.code, 3);
  const json document = json::parse(ending.output);
  for (const std::string key : {"program", "engine", "weights", "weights_sha256", "network"})
    EXPECT_TRUE(document.contains(key)) << key;
  EXPECT_THAT(document["class_names"], SizeIs(10));
  const json& one = document["images"][0];
  EXPECT_EQ(one["source"], "one.pgm");
  EXPECT_EQ(one["rows"], 150);
  EXPECT_EQ(one["columns"], 200);
  EXPECT_EQ(one["polarity"], "dark on light");
  EXPECT_EQ(one["box"], (json{{"row", 30}, {"column", 80}, {"rows", 90}, {"columns", 10}}));
  EXPECT_EQ(one["predicted"], 1);
  EXPECT_THAT(one["top"], SizeIs(3));
  EXPECT_EQ(one["top"][0]["name"], "1");
  EXPECT_EQ(document["images"][1], (json{{"source", "blank.pgm"}, {"error", "blank.pgm: no stroke found"}}));
  EXPECT_THAT(ending.errors, HasSubstr("Predicted: 1"));
}

TEST_F(PredictImages, GoesOnAfterABadFile) {
  const Ending ending = predict({"text.png", "missing.png", "one.pgm", "--quiet"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, AllOf(StartsWith("nib: error: text.png: "),
                                   HasSubstr("\nnib: error: missing.png: cannot open: no such file or directory\n")));
  EXPECT_THAT(ending.output, HasSubstr("Predicted: 1"));
  EXPECT_EQ(predict({"missing.png", "one.pgm"}).code, 4);
}

TEST_F(PredictImages, TakesTheImagesOfAFolderByName) {
  std::filesystem::create_directory(folder / "all");
  std::filesystem::create_directory(folder / "all/more.png");
  for (const std::string name : {"b.PGM", "a.pgm", "notes.txt"})
    make_file(folder / "all" / name, contents(folder / "one.pgm"));
  const json found = images({"all", "chalk.pgm"});
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found[0]["source"], "all/a.pgm");
  EXPECT_EQ(found[1]["source"], "all/b.PGM");
  EXPECT_EQ(found[2]["source"], "chalk.pgm");
}

/// A photo of a 7, decoded where the library for it is here, else refused by name.
TEST_F(PredictImages, ReadsHeicAndWebpOrNamesThem) {
  const auto look = [&](const std::string& ending, bool readable, const std::string& kind) {
    const std::string name = "seven." + ending;
    make_file(folder / name, contents(golden::path("images") / name));
    const Ending ending_of = predict({name, "--quiet"});
    EXPECT_EQ(ending_of.code, readable ? 0 : 3);
    if (readable)
      EXPECT_THAT(ending_of.output, AllOf(StartsWith(name + " (120x90, dark on light)\n"), HasSubstr("Predicted: 7")));
    else
      EXPECT_THAT(ending_of.errors, AllOf(StartsWith("nib: error: " + name + ": not an image that nib reads here "),
                                          HasSubstr("got " + kind + ")\n"), HasSubstr("hint: install ")));
  };
  if (heif_library().empty() || fix_of_heif_library().empty()) look("heic", !heif_library().empty(), "a HEIC photo");
  look("webp", !webp_library().empty(), "a WebP image");
}

TEST_F(PredictImages, TellsOfAFolderWithoutImages) {
  std::filesystem::create_directory(folder / "none");
  const Ending ending = predict({"none"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.errors, StartsWith("nib: error: none: no images in the folder (expected files that end in .png"));
}

TEST_F(PredictImages, ReadsStandardInput) {
  const Ending ending = Program(arguments({"-"})).in(folder.path()).with_input(folder / "one.pgm").run();
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("standard input (200x150, dark on light)\n"));
  EXPECT_EQ(predict({"-", "-"}).errors,
            "nib: error: IMAGE: standard input can be read only once (got - more than once)\n");
}

// A Mac leaves a ._NAME beside each file that it copies to a foreign file system.
TEST_F(PredictImages, PassesHiddenFilesOfAFolderOver) {
  std::filesystem::create_directory(folder / "scans");
  make_file(folder / "scans/one.pgm", contents(folder / "one.pgm"));
  make_file(folder / "scans/._one.pgm", std::string("\0\5\x16\7", 4));
  const Ending ending = predict({"scans", "--quiet"});
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.errors, IsEmpty());
  EXPECT_THAT(images({"scans"}), SizeIs(1));
  EXPECT_EQ(predict({"scans/._one.pgm"}).code, 3) << "asked for by name it is read";
  std::filesystem::remove(folder / "scans/one.pgm");
  EXPECT_THAT(predict({"scans"}).errors, HasSubstr("scans: no images in the folder"));
}

TEST_F(PredictImages, ReadsPipes) {
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  Program program(arguments({"pipe", "--quiet"}));
  program.in(folder.path()).start();
  make_file(folder / "pipe", contents(folder / "one.pgm"));
  const Ending ending = program.wait();
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, StartsWith("pipe (200x150, dark on light)\n"));
  const Ending device =
      Program(arguments({"/dev/stdin", "--quiet"})).in(folder.path()).with_input(folder / "one.pgm").run();
  EXPECT_THAT(device.output, StartsWith("/dev/stdin (200x150, dark on light)\n"));
}

TEST_F(PredictImages, TakesImagesAsTheyAreWhenAsked) {
  make_file(folder / "small.pgm", bars(28, 28, {13}, 0, 255));
  const Ending ending = predict({"small.pgm", "one.pgm", "--as-is", "--quiet"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_THAT(ending.output, StartsWith("small.pgm (28x28, as it is)\n"));
  EXPECT_EQ(ending.errors,
            "nib: error: one.pgm: not of the network's size (expected 28x28, got 200x150)\n"
            "hint: without --as-is pictures of any size are prepared\n");
  const json found = images({"small.pgm", "--as-is"});
  EXPECT_FALSE(found[0].contains("box"));
}

TEST_F(PredictImages, WritesAPictureOfTheSteps) {
  std::filesystem::create_directory(folder / "other");
  make_file(folder / "other/one.pgm", contents(folder / "one.pgm"));
  make_file(folder / "a b\"<.pgm", contents(folder / "one.pgm"));
  const std::vector<std::string> given{"one.pgm", "other", "a b\"<.pgm", "text.png", "--out", "steps", "--json"};
  const Ending ending = predict(given);
  EXPECT_EQ(ending.code, 3);
  const json found = json::parse(ending.output)["images"];
  EXPECT_EQ(found[0]["picture"], "one-steps.png");
  EXPECT_EQ(found[1]["picture"], "one-steps-2.png");
  EXPECT_EQ(found[2]["picture"], "a_b__-steps.png");
  for (const std::string name : {"one-steps.png", "one-steps-2.png", "a_b__-steps.png"})
    EXPECT_THAT(contents(folder / "steps" / name), StartsWith("\x89PNG")) << name;
  EXPECT_FALSE(std::filesystem::exists(folder / "steps/text-steps.png"));
  EXPECT_EQ(predict(given).code, 2);
}

TEST_F(PredictImages, NeverReplacesAnImageByItsPicture) {
  make_file(folder / "one-steps.png", contents(folder / "one.pgm"));
  const Ending ending = predict({"one.pgm", "one-steps.png", "--out", ".", "--force"});
  EXPECT_EQ(ending.code, 2);
  EXPECT_THAT(ending.errors, StartsWith("nib: error: --out: one-steps.png: the image would be replaced by a picture"));
  EXPECT_EQ(contents(folder / "one-steps.png"), contents(folder / "one.pgm"));
}

TEST_F(PredictImages, TellsWhatDoesNotGoTogether) {
  EXPECT_EQ(predict({"one.pgm", "--index", "3"}).errors,
            "nib: error: --index: is for the images of a test set, not for own images (got an IMAGE as well)\n");
  EXPECT_EQ(predict({"one.pgm", "--data", "mnist"}).code, 2);
  EXPECT_EQ(predict({"--out", "steps"}).errors, "nib: error: --out: is for own images, and no IMAGE is given\n");
  EXPECT_EQ(predict({"--as-is"}).code, 2);
  EXPECT_EQ(predict({"one.pgm", "--force"}).code, 2);
  EXPECT_EQ(predict({""}).errors, "nib: error: IMAGE: empty value (expected a file or folder)\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "steps"));
}

TEST_F(PredictImages, AnswersAPictureInThePlaceOfTheWeightsWithTheOrder) {
  const Ending ending = nib({"predict", "one.pgm", "model.safetensors"}, folder.path());
  EXPECT_EQ(ending.code, 3);
  EXPECT_EQ(ending.errors,
            "nib: error: one.pgm: wrong format (expected a weights file, got a PNM image)\n"
            "hint: the weights come before the images: nib predict WEIGHTS IMAGE\n");
}

TEST_F(PredictImages, EndsSilentlyWhereNobodyReadsOn) {
  const Ending ending = Program(arguments({"one.pgm", "text.png"})).in(folder.path()).with_broken_pipe().run();
  EXPECT_EQ(ending.code, 128 + SIGPIPE);
  EXPECT_EQ(ending.errors, "");
}

TEST_F(PredictImages, WritesItsPicturesAllTheSameWhereNobodyReadsOn) {
  const Ending ending =
      Program(arguments({"one.pgm", "chalk.pgm", "--out", "steps"})).in(folder.path()).with_broken_pipe().run();
  EXPECT_EQ(ending.code, 128 + SIGPIPE);
  EXPECT_TRUE(std::filesystem::exists(folder / "steps/chalk-steps.png"));
}

TEST_F(PredictImages, NoticesALostResult) {
  EXPECT_EQ(Program(arguments({"one.pgm"})).in(folder.path()).with_output_to("/dev/full").run().code, 4);
}

}  // namespace
}  // namespace nib
