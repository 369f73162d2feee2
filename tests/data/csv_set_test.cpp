// CSV tables of images, whole and broken, through load_data().
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data/catalogue.h"
#include "data/csv_images.h"
#include "data/idx_files.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Images of 2 x 2 pixels.
const char* const header = "label,pixel0,pixel1,pixel2,pixel3\n";

class CsvSet : public ::testing::Test {
 protected:
  fs::path put(const std::string& name, const std::string& text) const {
    make_file(folder_ / name, text);
    return folder_ / name;
  }
  CsvImages read(const std::string& text) const { return read_csv_images(put("t.csv", text)); }
  /// The line of the error that a table gives, behind the name of its file.
  std::string problem(const std::string& text) const {
    const fs::path path = put("t.csv", text);
    const Error error = error_of([&] { read_csv_images(path); });
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return std::string(error.what()).substr(path.string().size() + 2);
  }

  TemporaryFolder folder_;
};

TEST_F(CsvSet, ReadsKagglesTwoTables) {
  put("train.csv", std::string(header) + "1,0,9,255,7\n0,1,2,3,40\n1,5,6,7,8\n");
  put("test.csv", "pixel0,pixel1,pixel2,pixel3\n50,60,70,80\n");
  put("sample_submission.csv", "ImageId,Label\n1,0\n");
  const DataCollection set = load_data(folder_.path().string());
  EXPECT_EQ(set.title, "unknown CSV set");
  EXPECT_EQ(set.found, "CSV, 3 training rows, 1 test rows without labels");
  EXPECT_EQ(set.training.rows, 2u);
  EXPECT_EQ(set.training.columns, 2u);
  EXPECT_THAT(set.training.pixels, ElementsAre(0, 9, 255, 7, 1, 2, 3, 40, 5, 6, 7, 8));
  EXPECT_THAT(set.training.labels, ElementsAre(1, 0, 1));
  EXPECT_THAT(set.training.class_names, ElementsAre("0", "1"));
  EXPECT_THAT(set.test.pixels, ElementsAre(50, 60, 70, 80));
  EXPECT_THAT(set.test.labels, IsEmpty());
}

TEST_F(CsvSet, HasTheHashOfTheIdxFilesThatHoldTheSame) {
  const fs::path csv = put("train.csv", "1,10,90,255,70\n0,10,20,30,40\n");
  const TemporaryFolder idx;
  write(idx / "train-images-idx3-ubyte", idx_images(2, 2, 2, {10, 90, 255, 70, 10, 20, 30, 40}));
  write(idx / "train-labels-idx1-ubyte", idx_labels(2, {1, 0}));
  write(idx / "t10k-images-idx3-ubyte", idx_images(1, 2, 2, {50, 60, 70, 80}));
  write(idx / "t10k-labels-idx1-ubyte", idx_labels(1, {0}));
  const DataCollection table = load_data(csv.string()), files = load_data(idx.path().string());
  ASSERT_EQ(table.files.size(), 2u);
  for (std::size_t file = 0; file < 2; ++file) {
    EXPECT_EQ(table.files[file].raw_sha256, files.files[file].raw_sha256);
    EXPECT_EQ(table.files[file].raw_bytes, files.files[file].raw_bytes);
    EXPECT_EQ(table.files[file].path, csv);
  }
}

TEST_F(CsvSet, OfOneTableIsThePartThatItsNameOrItsLabelsTell) {
  const fs::path labelled = put("digits.csv", "1,10,90,255,70\n0,10,20,30,40\n");
  const DataCollection training = load_data(labelled.string());
  EXPECT_EQ(training.found, "CSV, 2 training rows, no test part");
  EXPECT_EQ(training.training.size(), 2u);
  EXPECT_EQ(training.test.size(), 0u);
  EXPECT_EQ(training.test.rows, 2u);
  EXPECT_THAT(load_data(labelled.string(), DataParts::test_only).training.labels, ElementsAre(1, 0));
  const DataCollection test = load_data(put("digits_test.csv", "1,10,90,255,70\n").string(), DataParts::test_only);
  EXPECT_EQ(test.found, "CSV, 1 test rows");
  EXPECT_THAT(test.test.labels, ElementsAre(1));

  const fs::path unlabelled = put("pixels.csv", "10,90,255,70\n10,20,30,40\n");
  EXPECT_EQ(load_data(unlabelled.string(), DataParts::test_only).test.size(), 2u);
  EXPECT_THAT(load_data(unlabelled.string(), DataParts::test_only).test.class_names, IsEmpty());
  EXPECT_EQ(std::string(error_of([&] { load_data(unlabelled.string()); }).what()),
            unlabelled.string() +
                ": no images with labels to train on (expected a training part, got CSV, 2 test rows "
                "without labels)");
}

TEST_F(CsvSet, SaysOfEachPartThatItHasNoLabels) {
  put("train.csv", "10,90,255,70\n10,20,30,40\n");
  put("test.csv", "1,10,90,255,70\n");
  EXPECT_EQ(load_any_parts(folder_.path().string()).found, "CSV, 2 training rows without labels, 1 test rows");
}

TEST_F(CsvSet, OfSeveralTablesForAPartIsNotGuessed) {
  put("emnist-train.csv", header);
  put("mnist_train.csv", header);
  const Error error = error_of([&] { load_data(folder_.path().string()); });
  EXPECT_EQ(std::string(error.what()), folder_.path().string() +
                                           ": emnist-train.csv and mnist_train.csv could both be the training part "
                                           "(expected one CSV file a part, got 2)");
}

TEST_F(CsvSet, TakesWhatSpreadsheetsAndLibrariesWrite) {
  for (const std::string text :
       {"1,0,9,255,7\n", "1,0,9,255,7", "1,0,9,255,7\r\n\r\n",
        "\xEF\xBB\xBF"
        "1,0,9,255,7\n",
        "1, 0, 9, 255, 7\n", "1.0,0.0,9.0,255.000,7.\n", "1.000e+00,0.0e+00,9e0,2.55000e+02,7\n",
        "\"1\",\"0\",\"9\",\"255\",\"7\"\n", "\"label\",\"a\",\"b\",\"c\",\"d\"\r\n1,0,9,255,7\r\n",
        "a,b,c,d,Class\n0,9,255,7,1\n", "a,target,b,c,d\n0,1,9,255,7\n", "1,000,009,255,7\n"}) {
    const CsvImages images = read(text);
    EXPECT_EQ(images.count, 1u) << text;
    EXPECT_THAT(images.labels, ElementsAre(1)) << text;
    EXPECT_THAT(images.pixels, ElementsAre(0, 9, 255, 7)) << text;
  }
}

TEST_F(CsvSet, FindsLabelsAtTheEndOfTablesWithoutNames) {
  const CsvImages images = read("0,7,8,9,2\n0,17,18,19,0\n0,27,28,29,1\n");
  EXPECT_THAT(images.labels, ElementsAre(2, 0, 1));
  EXPECT_THAT(images.pixels, ElementsAre(0, 7, 8, 9, 0, 17, 18, 19, 0, 27, 28, 29));
  EXPECT_EQ(images.columns, ", labels in the last column by their values, as all are 0 in the first");
  EXPECT_THAT(read("0,7,8,9,2\n0,17,18,19,3\n0,27,28,29,1\n").labels, ElementsAre(2, 3, 1)) << "they may begin at 1";
  for (const std::string text : {"0,7,8,9,2\n1,17,18,19,0\n0,2,2,9,1\n", "3,7,8,9,0\n3,17,18,19,0\n",
                                 "0,7,8,9,5\n0,17,18,19,0\n", "label,a,b,c,d\n0,7,8,9,2\n0,17,18,19,0\n0,9,9,9,1\n"})
    EXPECT_EQ(read(text).columns, "") << text;
}

TEST_F(CsvSet, HintsAtWhatToDo) {
  const auto hint = [&](const std::string& text) {
    const fs::path path = put("t.csv", text);
    return name_settings(error_of([&] { read_csv_images(path); }).problem().hint,
                         [](std::string_view name) { return std::string(name); });
  };
  EXPECT_THAT(hint("label,a,b,c,d\nfive,1,2,3,4\n"), HasSubstr("number the classes from 0"));
  EXPECT_THAT(hint("label,a,b,c,d\n5,0.5,2,3,4\n"), HasSubstr("multiply them by 255"));
  EXPECT_EQ(hint("label,a,b,c,d\n5,-3,2,3,4\n"), "");
  EXPECT_EQ(hint("label,a,b,c,d\n5,,2,3,4\n"), "");
  EXPECT_THAT(hint("label,a,b,c,d\r1,2,3,4,5\r"), HasSubstr("carriage return alone"));
  EXPECT_THAT(hint("file,label,a,b\nx.png,3,0,0\n"), HasSubstr("sort them into a folder for each class"));
  std::string wide, names = "label";
  for (int i = 0; i < 2353; ++i) wide += (i > 0 ? "," : "") + std::to_string(i % 10);
  EXPECT_THAT(hint(wide + '\n'), HasSubstr("three colours"));
  for (int i = 0; i < 790; ++i) names += ",p" + std::to_string(i);
  EXPECT_THAT(hint(names + '\n'), HasSubstr("leave out columns"));
  EXPECT_THAT(hint("1,2,3,4,5,6,7\n"), HasSubstr("without names of the columns"));
}

class EmnistTables : public CsvSet {
 protected:
  EmnistTables() {
    // As they are stored: rows and columns swapped.
    for (const std::string set : {"emnist-letters", "emnist-digits"}) {
      const int first = set == "emnist-letters" ? 1 : 0;
      put(set + "-train.csv", fmt::format("{},10,20,30,40\n{},50,60,70,80\n", first, first + 1));
      put(set + "-test.csv", fmt::format("{},1,2,3,4\n", first + 1));
    }
    put("emnist-letters-mapping.txt", "1 65 97\n2 66 98\n");
  }
};

TEST_F(EmnistTables, ComeOutUprightWithTheirNames) {
  const DataCollection letters = load_data((folder_ / "emnist-letters").string());
  EXPECT_EQ(letters.found, "CSV, 2 training rows, 1 test rows, turned upright, labels from 1 counted from 0");
  EXPECT_THAT(letters.training.pixels, ElementsAre(10, 30, 20, 40, 50, 70, 60, 80));
  EXPECT_THAT(letters.training.labels, ElementsAre(0, 1));
  EXPECT_THAT(letters.test.pixels, ElementsAre(1, 3, 2, 4));
  EXPECT_THAT(letters.test.labels, ElementsAre(1));
  EXPECT_THAT(letters.training.class_names, ElementsAre("Aa", "Bb"));
  const DataCollection digits = load_data((folder_ / "emnist-digits-train.csv").string());
  EXPECT_EQ(digits.found, "CSV, 2 training rows, no test part, turned upright");
  EXPECT_THAT(digits.training.class_names, ElementsAre("0", "1"));
}

TEST_F(EmnistTables, OfSeveralSetsAreNamed) {
  const Error error = error_of([&] { load_data(folder_.path().string()); });
  EXPECT_THAT(error.problem().hint, ::testing::EndsWith("such as " + (folder_ / "emnist-digits").string()));
}

// Such as nib data convert writes.
TEST_F(EmnistTables, WithNamesOfColumnsAreUprightAlready) {
  const DataCollection set = load_data(put("emnist.csv", header + std::string("1,10,20,30,40\n0,1,2,3,4\n")).string());
  EXPECT_THAT(set.training.pixels, ElementsAre(10, 20, 30, 40, 1, 2, 3, 4));
}

TEST_F(CsvSet, LeavesColumnsOutThatCountTheImages) {
  for (const std::string text : {"id,label,a,b,c,d\n4711,1,0,9,255,7\n", ",a,b,c,d,label\n0,0,9,255,7,1\n",
                                 "Unnamed: 0,y,a,b,c,d\n-1,1,0,9,255,7\n", "label,a,b,c,d,ImageId\n1,0,9,255,7,x7\n",
                                 "index,Id,digit,a,b,c,d\n1,,1,0,9,255,7\n"}) {
    const CsvImages images = read(text);
    EXPECT_THAT(images.labels, ElementsAre(1)) << text;
    EXPECT_THAT(images.pixels, ElementsAre(0, 9, 255, 7)) << text;
  }
  for (const std::string text : {",pixel0,pixel1,pixel2,pixel3\n0,0,9,255,7\n", ",0,1,2,3\n0,0,9,255,7\n",
                                 "id,pixel0,pixel1,pixel2,pixel3\n0,0,9,255,7\n"}) {
    const CsvImages images = read(text);
    EXPECT_THAT(images.labels, IsEmpty()) << text;
    EXPECT_THAT(images.pixels, ElementsAre(0, 9, 255, 7)) << text;
  }
  put("train.csv", "id,pixel0,pixel1,pixel2,pixel3,digit\n300,0,9,255,7,1\n301,0,9,255,8,0\n");
  put("test.csv", "id,pixel0,pixel1,pixel2,pixel3\n0,0,9,255,7\n");
  EXPECT_EQ(load_data(folder_.path().string()).found,
            "CSV, 2 training rows, labels in column 6 (digit), left out: column 1 (id), 1 test rows without labels, "
            "left out: column 1 (id)");
}

TEST_F(CsvSet, TakesTheLabelsFromTheColumnThatIsCalledSo) {
  for (const std::string name : {"label", "Labels", "class", "digit", "target", "y"}) {
    EXPECT_THAT(read("pixel0,pixel1,pixel2,pixel3," + name + "\n0,9,255,7,1\n").labels, ElementsAre(1)) << name;
    EXPECT_THAT(read(name + ",pixel0,pixel1,pixel2,pixel3\n1,0,9,255,7\n").labels, ElementsAre(1)) << name;
  }
  EXPECT_EQ(problem("answer,pixel0,pixel1,pixel2,pixel3\n1,0,9,255,7\n"),
            "line 1, column 1 (answer): cannot tell by its name whether it holds the labels (expected label, labels, "
            "class, digit, target or y, or no column but the pixels and an id, got answer)");
  EXPECT_THAT(problem("pixel0,pixel1,pixel2,pixel3,answer\n1,0,9,255,7\n"), HasSubstr("line 1, column 5 (answer): "));
  EXPECT_EQ(problem("label,a,b,c,d,class\n1,0,9,255,7,1\n"),
            "line 1: several columns could be the labels (expected one, got 1 (label) and 6 (class))");
  // A header of numbers names nothing: the labels are in front, as without one.
  EXPECT_THAT(read("0,0.1,0.2,0.3,0.4\n1,0,9,255,7\n").labels, ElementsAre(1));
}

TEST_F(CsvSet, KnowsPartsByWholeWords) {
  put("Dig-trainSet.csv", header + std::string("1,0,9,255,7\n0,1,2,3,40\n"));
  put("my_test2.csv", header + std::string("1,0,9,255,7\n0,1,2,3,40\n"));
  put("contest.csv", header + std::string("1,0,9,255,7\n"));
  put("test_submission.csv", "ImageId,Label\n1,0\n");
  put("sample_submission.csv", "ImageId,Label\n1,0\n");
  const DataCollection set = load_data(folder_.path().string());
  EXPECT_EQ(set.found, "CSV, 2 training rows, 2 test rows");
  const std::string folder = folder_.path().string();
  EXPECT_THAT(set.warnings, ElementsAre(folder + "/test_submission.csv: left out, as it has too few columns for images",
                                        folder + "/contest.csv: left out, as its name says neither train nor test"));
  const fs::path latest = put("digits-latest.csv", header + std::string("1,0,9,255,7\n"));
  EXPECT_EQ(load_data(latest.string()).found, "CSV, 1 training rows, no test part");
}

TEST_F(CsvSet, ReadsAcrossThePiecesOfALongFile) {
  std::string text = header;
  std::vector<std::uint8_t> pixels;
  constexpr std::size_t rows = 150'000;  // above two mebibytes
  for (std::size_t row = 0; row < rows; ++row) {
    text += std::to_string(row % 10);
    for (std::size_t pixel = 0; pixel < 4; ++pixel) {
      pixels.push_back(static_cast<std::uint8_t>(row * 7 + pixel * 50));
      text += ',' + std::to_string(pixels.back());
    }
    text += '\n';
  }
  const CsvImages images = read(text);
  EXPECT_EQ(images.count, rows);
  EXPECT_TRUE(images.pixels == pixels);
}

TEST_F(CsvSet, ProblemsAreOneLineThatNamesLineAndColumn) {
  const std::string table = std::string(header) + "1,0,9,255,7\n";
  EXPECT_EQ(problem(table + "1,0,9,256,7\n"),
            "line 3, column 4 (pixel2): no pixel (expected a whole number from 0 to 255, got 256)");
  EXPECT_EQ(problem("1,0,9,25,7\n1,0,-9,25,7\n"),
            "line 2, column 3: no pixel (expected a whole number from 0 to 255, got -9)");
  EXPECT_EQ(problem(table + "1,0,9,0.5,7\n"),
            "line 3, column 4 (pixel2): no pixel (expected a whole number from 0 to 255, got 0.5)");
  EXPECT_EQ(problem(table + "seven,0,9,5,7\n"),
            "line 3, column 1 (label): no label (expected a whole number from 0 to 255, got seven)");
  EXPECT_EQ(problem(table + "1,0,9,,7\n"), "line 3, column 4 (pixel2): empty (expected a whole number from 0 to 255)");
  EXPECT_EQ(problem(table + "1,0,9,99999999999999999999,7\n"),
            "line 3, column 4 (pixel2): no pixel (expected a whole number from 0 to 255, got 99999999999999999999)");
  EXPECT_EQ(problem(table + "1,0,9,5\n"), "line 3: wrong number of columns (expected 5, got 4)");
  EXPECT_EQ(problem(table + "1,0,9,5,6,7\n"), "line 3: wrong number of columns (expected 5, got 6)");
  EXPECT_EQ(problem(table + "\n1,0,9,5,6\n"), "line 4: a row behind an empty line (expected rows without gaps)");
  EXPECT_EQ(problem(header), "has no images (expected a row an image, got no row)");
  EXPECT_EQ(
      problem("1,2,3\n"),
      "line 1: the columns are no square image, with or without a label (expected 784 or 785 columns for images of "
      "28 x 28 pixels, got 3 columns)");
  EXPECT_THAT(problem(std::string(600'000, '1')),
              HasSubstr("line 1: line is too long (expected at most 524,288 bytes)"));
  EXPECT_THAT(problem(table + "1,0,9,\x1b[31m,7\n"), HasSubstr("got \\x1b[31m)"));
}

}  // namespace
}  // namespace nib
