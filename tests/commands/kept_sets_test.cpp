// Data sets in the ways in which people keep them: the same set gives the same weights in all of them, and one without
// a test part or without labels is of use, too.

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "commands/kept_sets.h"
#include "commands/small_set.h"
#include "data/catalogue.h"
#include "runs/made_run.h"
#include "support/golden.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct KeptSets : testing::Test {
  const SmallSetFolder folder;
  const DataCollection set = load_data((folder / "set").string());
  const std::string weights = golden::path("keras/trained.safetensors").string();

  Ending run(const std::vector<std::string>& arguments) const { return nib(arguments, folder.path()); }
  std::string trained(const std::string& data) const {
    const Ending ending =
        run({"train", "--data", data, "--out", "run-" + data, "--epochs", "1", "--no-pictures", "--quiet"});
    EXPECT_EQ(ending.code, 0) << ending.errors;
    EXPECT_THAT(ending.errors, IsEmpty());
    return value_of(ending.output, "weights sha256: ") + value_of(ending.output, "Test accuracy: ");
  }
};

TEST_F(KeptSets, GiveTheSameWeightsInEveryFormat) {
  write_numpy_archive(folder / "set.npz", set.training, set.test);
  std::filesystem::create_directory(folder / "tables");
  write_table(folder / "tables/train.csv", set.training);
  write_table(folder / "tables/test.csv", set.test);
  write_pictures(folder / "pictures/train", set.training);
  write_pictures(folder / "pictures/test", set.test);
  const std::string expected = trained("set");
  for (const char* const data : {"set.npz", "tables", "pictures"}) {
    EXPECT_EQ(trained(data), expected) << data;
    const json record = json::parse(content_of(folder / ("run-" + std::string(data)) / "run.json"));
    for (std::size_t file = 0; file < 4; ++file)
      EXPECT_EQ(record["data"]["files"][file]["raw_sha256"], set.files[file].raw_sha256) << data;
  }
}

TEST_F(KeptSets, OfOtherFormatsAreNamed) {
  make_file(folder / "train-00000.parquet", "PAR1\x15\x04");
  const Ending ending = run({"show", "--data", "train-00000.parquet"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_EQ(
      ending.errors,
      "nib: error: train-00000.parquet: no data set in a format that nib reads (expected CSV or NumPy's .npz, or a "
      "folder of IDX files or of pictures by class, got a Parquet file)\n"
      "hint: save train-00000.parquet as CSV or as NumPy's .npz, which nib reads\n");
}

class Untested : public KeptSets {
 public:
  Untested() { write_table(folder / "train.csv", set.training); }
  Ending train(const std::string& out, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"train", "--data",   "train.csv", "--out",    out,  "--threads",
                                          "1",     "--epochs", "1",         "--device", "cpu"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(Untested, TrainsAndSaysSo) {
  const Ending ending = train("run");
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output,
              AllOf(HasSubstr("CSV, 150 training rows, no test part"), HasSubstr("  150 training and no test images\n"),
                    HasSubstr("\nNot tested: the data have no test part with labels\n")));
  const json record = json::parse(content_of(folder / "run/run.json"));
  EXPECT_EQ(record["status"], "finished");
  EXPECT_FALSE(record.contains("test"));
  EXPECT_FALSE(record["data"]["images"].contains("test"));
  EXPECT_FALSE(std::filesystem::exists(folder / "run/test_predictions.csv"));
  EXPECT_FALSE(std::filesystem::exists(folder / "run/confusion.png"));
  EXPECT_THAT(content_of(folder / "run/report.html"),
              AllOf(HasSubstr("The data have no test part: the run was not tested."), Not(HasSubstr("missing."))));
}

TEST_F(Untested, IsReportedAndListedButNotCompared) {
  EXPECT_EQ(train("run", {"--no-pictures"}).code, 0);
  EXPECT_EQ(train("other", {"--no-pictures", "--seed", "1"}).code, 0);
  const Ending report = run({"report", "run", "--json"});
  EXPECT_EQ(report.code, 0) << report.errors;
  const json document = json::parse(report.output);
  EXPECT_TRUE(document["test"].is_null());
  EXPECT_TRUE(document["classes"].is_null());
  EXPECT_THAT(document["missing_pictures"], IsEmpty());
  EXPECT_THAT(document["pictures"], testing::SizeIs(3));
  const Ending list = run({"runs", ".", "--json"});
  EXPECT_TRUE(json::parse(list.output)["runs"][0]["accuracy"].is_null()) << list.output;
  const Ending comparison = run({"compare", "run", "other"});
  EXPECT_EQ(comparison.code, 3);
  EXPECT_EQ(comparison.errors,
            "nib: error: run: the run has no test result: its data have no test part\n"
            "hint: only runs that were tested on the same set can be compared\n");
}

TEST_F(Untested, CannotHideATestResult) {
  EXPECT_EQ(train("run", {"--no-pictures"}).code, 0);
  json record = json::parse(content_of(folder / "run/run.json"));
  record["test"] = {{"images", 10}, {"correct", 10}, {"loss", 0.1}, {"accuracy", 1}};
  make_file(folder / "run/run.json", sealed_text(record.dump()));
  EXPECT_THAT(run({"report", "run"}).errors,
              StartsWith("nib: error: run/run.json: test: there, though data.images has no test images"));
}

TEST_F(Untested, GoesOnAfterAStop) {
  EXPECT_EQ(train("run", {"--no-pictures"}).code, 0);
  const Ending more = run({"train", "--resume", "run", "--epochs", "2", "--out", "more", "--no-pictures"});
  EXPECT_EQ(more.code, 0) << more.errors;
}

TEST_F(Untested, MayBeIdxFilesOfTheTrainingPart) {
  for (const char* const file : {"set/t10k-images-idx3-ubyte", "set/t10k-labels-idx1-ubyte"})
    std::filesystem::remove(folder / file);
  EXPECT_THAT(run({"train", "--data", "set", "--out", "run", "--epochs", "1", "--no-pictures"}).output,
              AllOf(HasSubstr("set from set, no test part"), HasSubstr("\nNot tested: ")));
  EXPECT_THAT(run({"data", "verify", "--data", "set"}).output,
              AllOf(HasSubstr("no test part"), Not(HasSubstr("wrong"))));
  make_file(folder / "set/t10k-images-idx3-ubyte.part", "");
  EXPECT_THAT(run({"data", "verify", "--data", "set"}).output,
              HasSubstr("t10k-images-idx3-ubyte.part is there, an incomplete download"));
}

TEST_F(Untested, IsNotEvaluated) {
  EXPECT_EQ(run({"evaluate", weights, "--data", "train.csv"}).errors,
            "nib: error: train.csv: the set has no test part (expected test images with labels, got CSV, 150 training "
            "rows, no test part)\nhint: a table with \"test\" in its name is taken for a test part\n");
  write_table(folder / "kaggle.csv", set.test, false);
  EXPECT_EQ(run({"evaluate", weights, "--data", "kaggle.csv"}).errors,
            "nib: error: kaggle.csv: the test part has no labels (expected test images with labels, got CSV, 100 test "
            "rows without labels)\nhint: nib predict WEIGHTS --data ... --csv FILE answers without labels\n");
  write_table(folder / "test.csv", set.test);
  EXPECT_EQ(run({"evaluate", weights, "--data", "test.csv"}).code, 0);
}

TEST_F(Untested, HasNoAccuracyThatCouldBeRequired) {
  const Ending ending =
      run({"train", "--data", "train.csv", "--epochs", "1", "--out", "required", "--require-accuracy", "0"});
  EXPECT_EQ(ending.code, 2);
  EXPECT_EQ(ending.errors,
            "nib: error: --require-accuracy: there is nothing to test on (expected a data set with a test part that "
            "has labels, got CSV, 150 training rows, no test part)\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "required"));
}

TEST_F(Untested, HasNothingThatATableCouldAnswer) {
  const Ending ending = run({"predict", weights, "--data", "train.csv", "--csv", "answers.csv"});
  EXPECT_EQ(ending.code, 3);
  EXPECT_EQ(ending.errors,
            "nib: error: train.csv: there is no test part whose labels a table could answer (expected images without "
            "labels, or a test part, got CSV, 150 training rows, no test part)\nhint: --index A-B answers training "
            "images\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "answers.csv"));
  EXPECT_EQ(run({"predict", weights, "--data", "train.csv", "--csv", "-", "--index", "0-1"}).code, 0);
}

/// Eight to train on and eight to test with, of two classes.
void write_photos(const std::filesystem::path& folder) {
  for (const std::string part : {"train", "test"})
    for (int picture = 0; picture < 8; ++picture) {
      const std::filesystem::path place = folder / part / std::to_string(picture % 2);
      std::filesystem::create_directories(place);
      std::string sheet(std::size_t{60} * 60, '\xf0');
      for (int row = 12; row < 48; ++row) sheet.replace(row * 60 + 20 + picture, 5, 5, '\x10');
      make_file(place / (std::to_string(picture) + ".pgm"), "P5 60 60 255\n" + sheet);
    }
}

TEST_F(KeptSets, OfPhotosArePreparedBesideOthers) {
  write_photos(folder / "photos");
  const auto train = [&](const std::string& data, const std::string& validation) {
    return run({"train", "--data", data, "--validation-data", validation, "--prepare", "--out", "run", "--epochs", "1",
                "--force", "--no-pictures"});
  };
  const Ending photos = train("set", "photos");
  EXPECT_EQ(photos.code, 0) << photos.errors;
  EXPECT_THAT(photos.output, HasSubstr("validation: 8 images, the test part of photos"));
  EXPECT_EQ(run({"evaluate", "run"}).code, 0) << "the set that the run tested on is not prepared";
  const Ending more = run({"train", "--resume", "run", "--epochs", "2", "--no-pictures"});
  EXPECT_EQ(more.code, 0) << more.errors;
  EXPECT_THAT(train("set", "set").errors, HasSubstr("--prepare: is for folders of pictures (got set)\n"));
  EXPECT_THAT(train("set", "none").errors, HasSubstr("--validation-data none: "));
  const Ending trained = train("photos", "set");
  EXPECT_EQ(trained.code, 0) << trained.errors;
  EXPECT_THAT(trained.output, HasSubstr("8 training pictures, 8 test pictures, prepared as 28 x 28 "));
}

TEST_F(KeptSets, OfPhotosArePreparedForAllCommands) {
  write_photos(folder / "photos");
  const std::vector<std::string> train = {"train", "--data", "photos", "--out", "run", "--epochs", "1"};
  EXPECT_THAT(run(train).errors, HasSubstr("\nhint: --prepare makes such images of pictures; --network FILE takes "));
  std::vector<std::string> prepared = train;
  prepared.insert(prepared.end(), {"--prepare", "--no-pictures"});
  const Ending training = run(prepared);
  EXPECT_EQ(training.code, 0) << training.errors;
  EXPECT_THAT(training.output, HasSubstr("8 training pictures, 8 test pictures, prepared as 28 x 28 "));
  EXPECT_THAT(json::parse(content_of(folder / "run/run.json"))["command"].get<std::string>(), HasSubstr(" --prepare"));
  EXPECT_EQ(run({"evaluate", "run", "--data", "photos", "--prepare"}).code, 0);
  EXPECT_EQ(run({"evaluate", "run", "--data", "photos"}).code, 3);
  const Ending named = run({"evaluate", "run"});
  EXPECT_EQ(named.code, 0);
  EXPECT_EQ(named.errors, "nib: warning: run/run.json chooses the data, " + (folder / "photos").string() +
                              ", prepared (--data names others)\n");
  EXPECT_EQ(run({"evaluate", "run", "--best"}).code, 0);
  EXPECT_EQ(run({"predict", "run", "--csv", "-"}).output,
            run({"predict", "run", "--data", "photos", "--prepare", "--csv", "-"}).output);
  EXPECT_EQ(run({"predict", "run", "--data", "photos", "--prepare", "--csv", "-"}).code, 0);
  const Ending report = run({"report", "run", "--json"});
  EXPECT_THAT(json::parse(report.output)["missing_pictures"], IsEmpty()) << report.errors;
  EXPECT_THAT(run({"predict", "run", "image.pgm", "--prepare"}).errors,
              HasSubstr("--prepare: is for a folder of pictures as --data (got an IMAGE as well)\n"));
  EXPECT_EQ(
      run({"evaluate", "run", "--data", "set", "--prepare"}).errors,
      "nib: error: --prepare: is for folders of pictures (got set)\nhint: other sets hold images that are prepared "
      "by now\n");
}

class PredictedTable : public KeptSets {
 public:
  PredictedTable() { write_table(folder / "kaggle.csv", set.test, false); }
  Ending predict(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"predict", weights};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(PredictedTable, IsAsKaggleAsksForIt) {
  const Ending ending = predict({"--data", "kaggle.csv", "--csv", "answers.csv"});
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("\n100 answers in answers.csv\n"));
  const std::string table = content_of(folder / "answers.csv");
  EXPECT_THAT(table, StartsWith("ImageId,Label\n1,"));
  EXPECT_EQ(std::ranges::count(table, '\n'), 101);
  EXPECT_THAT(table, HasSubstr("\n100,"));
  // The same images with labels: the same answers, and how many are right.
  const Ending labelled = predict({"--data", "set", "--csv", "-", "--quiet"});
  EXPECT_EQ(labelled.output, table);
  EXPECT_THAT(labelled.errors, HasSubstr(" of 100 predicted as labelled\n"));
  const json document = json::parse(predict({"--data", "kaggle.csv", "--index", "1-2", "--json"}).output);
  EXPECT_THAT(table, HasSubstr("\n2," + document["predictions"][0]["predicted"].dump() + '\n'));
  EXPECT_TRUE(document["predictions"][1]["true"].is_null());
  EXPECT_EQ(document["part"], "test");
}

TEST_F(PredictedTable, TakesNoPlaceOfAnotherFile) {
  make_file(folder / "there.csv", "text\n");
  EXPECT_EQ(predict({"--data", "kaggle.csv", "--csv", "there.csv"}).errors,
            "nib: error: --csv: there.csv: the file exists\nhint: --force replaces it\n");
  EXPECT_EQ(predict({"--data", "kaggle.csv", "--csv", "kaggle.csv", "--force"}).errors,
            "nib: error: --csv: kaggle.csv: is an input: it would be replaced\n");
  EXPECT_EQ(content_of(folder / "there.csv"), "text\n");
  EXPECT_EQ(predict({"--data", "kaggle.csv", "--csv", "there.csv", "--force"}).code, 0);
  EXPECT_THAT(content_of(folder / "there.csv"), StartsWith("ImageId,Label\n"));
  EXPECT_EQ(predict({"--data", "kaggle.csv", "--csv", "none/there.csv"}).code, 4);
}

TEST_F(PredictedTable, IsOfASetAlone) {
  EXPECT_EQ(predict({"image.png", "--csv", "answers.csv"}).errors,
            "nib: error: --csv: is for the images of a test set, not for own images (got an IMAGE as well)\n");
  EXPECT_EQ(predict({"--data", "set", "--csv", "-", "--json"}).errors,
            "nib: error: --json: takes standard output, and so does --csv -\n");
}

}  // namespace
}  // namespace nib
