// NumPy archives and arrays through load_data(). The files are made by nib's own writers of .npy and ZIP, which have
// their tests against NumPy's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "data/catalogue.h"
#include "data/idx_files.h"
#include "encodings/npy.h"
#include "encodings/zip.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

template <typename Number>
NpyArray array_of(char kind, const std::vector<std::uint32_t>& shape, const std::vector<Number>& numbers) {
  NpyArray array{.kind = kind, .item_bytes = sizeof(Number), .shape = shape, .bytes = {}};
  array.bytes.resize(numbers.size() * sizeof(Number));
  std::memcpy(array.bytes.data(), numbers.data(), array.bytes.size());
  return array;
}

NpyArray bytes_array(const std::vector<std::uint32_t>& shape, const std::vector<std::uint8_t>& bytes) {
  return array_of('u', shape, bytes);
}

struct Named {
  std::string name;
  NpyArray array;
};

void put(const fs::path& path, const std::vector<Named>& arrays) {
  std::vector<Bytes> files;
  std::vector<ZipContent> contents;
  for (const Named& named : arrays) files.push_back(npy_bytes(named.array));
  for (std::size_t i = 0; i < arrays.size(); ++i) contents.push_back({arrays[i].name + ".npy", files[i]});
  write(path, zip_bytes(contents, "test"));
}

/// Keras's names, two training images and a test image of 2 x 2 pixels.
std::vector<Named> small_set() {
  return {{"x_train", bytes_array({2, 2, 2}, {1, 2, 3, 4, 50, 60, 70, 80})},
          {"y_train", bytes_array({2}, {1, 0})},
          {"x_test", bytes_array({1, 2, 2}, {9, 99, 8, 88})},
          {"y_test", bytes_array({1}, {1})}};
}

class NumpySet : public ::testing::Test {
 protected:
  DataCollection load(const std::vector<Named>& arrays, DataParts parts = DataParts::both) const {
    put(file_, arrays);
    return load_data(file_.string(), parts);
  }
  std::string problem(const std::vector<Named>& arrays) const {
    const Error error = error_of([&] { load(arrays); });
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return std::string(error.what()).substr(file_.string().size() + 2);
  }

  TemporaryFolder folder_;
  fs::path file_ = folder_ / "set.npz";
};

TEST_F(NumpySet, ReadsKerasNames) {
  const DataCollection set = load(small_set());
  EXPECT_EQ(set.title, "unknown NumPy set");
  EXPECT_EQ(set.found, "NumPy arrays, 2 training images, 1 test images");
  EXPECT_THAT(set.training.pixels, ElementsAre(1, 2, 3, 4, 50, 60, 70, 80));
  EXPECT_THAT(set.training.labels, ElementsAre(1, 0));
  EXPECT_THAT(set.test.pixels, ElementsAre(9, 99, 8, 88));
  EXPECT_THAT(load(small_set(), DataParts::test_only).test.labels, ElementsAre(1));
}

TEST_F(NumpySet, TakesEveryTypeAndShapeThatHoldsTheSame) {
  const std::vector<std::uint8_t> pixels = {1, 2, 3, 4, 50, 60, 70, 80};
  std::vector<double> scaled;
  for (const std::uint8_t pixel : pixels) scaled.push_back(pixel / 255.0);
  const std::vector<NpyArray> images = {
      array_of<std::int16_t>('i', {2, 4}, {pixels.begin(), pixels.end()}),
      array_of<std::int64_t>('i', {2, 2, 2, 1}, {pixels.begin(), pixels.end()}),
      array_of<float>('f', {2, 1, 2, 2}, {pixels.begin(), pixels.end()}),
      array_of<std::uint16_t>('f', {2, 2, 2}, {0x3C00, 0x4000, 0x4200, 0x4400, 0x5240, 0x5380, 0x5460, 0x5500}),
      array_of<float>('f', {2, 2, 2}, {scaled.begin(), scaled.end()}),
      array_of<double>('f', {2, 2, 2}, scaled)};
  for (std::size_t i = 0; i < images.size(); ++i) {
    std::vector<Named> arrays = small_set();
    arrays[0].array = images[i];
    arrays[1].array = array_of<std::int64_t>('i', {2, 1}, {1, 0});
    const DataCollection set = load(arrays);
    EXPECT_EQ(set.training.pixels, pixels) << i;
    EXPECT_THAT(set.training.labels, ElementsAre(1, 0)) << i;
    EXPECT_EQ(set.found.ends_with(", 0 to 1 made 0 to 255"), i >= 4) << i;
  }
}

TEST_F(NumpySet, KnowsThePartsByOtherNames) {
  const std::vector<Named> keras = small_set();
  const DataCollection set = load({{"train_images", keras[0].array},
                                   {"train_labels", keras[1].array},
                                   {"val_images", keras[2].array},
                                   {"val_labels", keras[3].array},
                                   {"test_images", keras[2].array},
                                   {"test_labels", keras[3].array}});
  EXPECT_EQ(set.training.size(), 2u);
  EXPECT_EQ(set.test.size(), 1u);
  EXPECT_THAT(set.warnings, IsSupersetOf({HasSubstr("val_images: the validation part is left out"),
                                          HasSubstr("val_labels: the validation part is left out")}));
  const DataCollection one = load({{"X", keras[0].array}, {"y", keras[1].array}});
  EXPECT_EQ(one.found, "NumPy arrays, 2 training images, no test part");
}

TEST_F(NumpySet, KnowsManyNames) {
  const std::vector<Named> keras = small_set();
  const std::vector<std::vector<std::string>> all = {{"trainX", "trainY", "testX", "testY"},
                                                     {"x_tr", "y_tr", "x_te", "y_te"},
                                                     {"Xtrain", "ytrain", "Xtest", "ytest"},
                                                     {"train_data", "train_target", "test_data", "test_target"},
                                                     {"mnist_x_train", "mnist_y_train", "mnist_x_test", "mnist_y_test"},
                                                     {"trainimages", "trainlabels", "t10kimages", "t10klabels"}};
  for (const std::vector<std::string>& names : all) {
    std::vector<Named> arrays = keras;
    for (std::size_t i = 0; i < names.size(); ++i) arrays[i].name = names[i];
    arrays.push_back({"x_mean", bytes_array({1}, {1})});  // figures are no images
    arrays.push_back({"data_source", bytes_array({1}, {1})});
    EXPECT_THAT(load(arrays).training.pixels, ElementsAre(1, 2, 3, 4, 50, 60, 70, 80)) << names.front();
    EXPECT_THAT(load(arrays).test.labels, ElementsAre(1)) << names.front();
  }
  EXPECT_THAT(load({{"data", keras[0].array}, {"target", keras[1].array}}).training.labels, ElementsAre(1, 0))
      << "as scikit-learn has it";
}

TEST_F(NumpySet, OfTruthValuesHasFullInk) {
  std::vector<Named> arrays = small_set();
  arrays[0].array = bytes_array({2, 2, 2}, {0, 1, 1, 0, 0, 0, 1, 1});
  arrays[0].array.kind = 'b';
  const DataCollection set = load(arrays);
  EXPECT_THAT(set.training.pixels, ElementsAre(0, 255, 255, 0, 0, 0, 255, 255));
  EXPECT_TRUE(set.found.ends_with(", 0 to 1 made 0 to 255"));
}

TEST_F(NumpySet, HintsAtWhatToDo) {
  const auto hint = [&](std::size_t index, NpyArray array) {
    std::vector<Named> arrays = small_set();
    arrays[index].array = std::move(array);
    return error_of([&] { load(arrays); }).problem().hint;
  };
  EXPECT_THAT(hint(1, bytes_array({2, 2}, {0, 1, 1, 0})), HasSubstr("numpy.argmax(labels, axis=1)"));
  EXPECT_THAT(hint(0, bytes_array({2, 2, 2, 3}, Bytes(24))), HasSubstr("grey"));
  NpyArray words = bytes_array({2}, {'a', 'b'});
  words.kind = 'S';
  EXPECT_THAT(hint(1, words), HasSubstr("return_inverse=True"));
  EXPECT_THAT(hint(1, bytes_array({3}, {0, 1, 2})), IsEmpty());
  put(file_, {{"images", bytes_array({2, 2, 3}, Bytes(12))}, {"labels", bytes_array({3}, {0, 1, 2})}});
  const Error turned = error_of([&] { load_data(file_.string()); });
  EXPECT_STREQ(turned.what(), (file_.string() + ": train-images: the images are in the last axis (expected (images, "
                                                "rows, columns), got (rows, columns, 3 images))")
                                  .c_str());
  put(file_, {{"images", bytes_array({2, 2, 300}, Bytes(1200))}, {"labels", bytes_array({300}, Bytes(300))}});
  EXPECT_THAT(error_of([&] { load_data(file_.string()); }).what(), HasSubstr("(rows, columns, 300 images)"));
  put(file_, {});
  EXPECT_THAT(error_of([&] { load_data(file_.string()); }).what(), HasSubstr("no array of images by its name"));
}

TEST_F(NumpySet, ReadsAFileAnArray) {
  const std::vector<Named> keras = small_set();
  const char* const names[] = {"kmnist-train-imgs", "kmnist-train-labels", "kmnist-test-imgs", "kmnist-test-labels"};
  for (std::size_t i = 0; i < 4; ++i) put(folder_ / (std::string(names[i]) + ".npz"), {{"arr_0", keras[i].array}});
  EXPECT_EQ(load_data(folder_.path().string()).test.size(), 1u);
  const TemporaryFolder arrays;
  for (const Named& named : keras) write(arrays / (named.name + ".npy"), npy_bytes(named.array));
  EXPECT_EQ(load_data(arrays.path().string()).training.size(), 2u);
}

TEST_F(NumpySet, IsToldWhereATableIsReadBesideIt) {
  std::vector<Named> arrays = small_set();
  arrays.resize(2);
  put(file_, arrays);
  EXPECT_THAT(load_data(folder_.path().string()).warnings, IsEmpty());
  make_file(folder_ / "digits.csv", "label,a,b,c,d\n1,0,9,255,7\n0,1,2,3,4\n");
  const DataCollection set = load_data(folder_.path().string());
  EXPECT_EQ(set.title, "unknown CSV set");
  EXPECT_THAT(set.warnings, ElementsAre(HasSubstr(": the CSV set is used; left out beside it: a NumPy set (")));
  SmallSet{}.write_to(folder_.path());
  EXPECT_THAT(load_data(folder_.path().string()).warnings,
              ElementsAre(HasSubstr(": the IDX set is used; left out beside it: a CSV set and a NumPy set (")));
}

TEST_F(NumpySet, WithoutTestLabelsIsReadForPrediction) {
  std::vector<Named> arrays = small_set();
  arrays.pop_back();
  const DataCollection set = load(arrays);
  EXPECT_EQ(set.found, "NumPy arrays, 2 training images, 1 test images without labels");
  EXPECT_THAT(set.test.labels, IsEmpty());
}

TEST_F(NumpySet, ProblemsNameFileAndArray) {
  const auto with = [](std::size_t index, NpyArray array) {
    std::vector<Named> arrays = small_set();
    arrays[index].array = std::move(array);
    return arrays;
  };
  EXPECT_EQ(problem(with(0, bytes_array({2, 2, 2, 3}, Bytes(24)))),
            "x_train: shape: no images of one channel (expected (images, rows, columns), got (2, 2, 2, 3))");
  EXPECT_EQ(problem(with(0, bytes_array({2, 5}, Bytes(10)))),
            "x_train: shape: no images of one channel (expected (images, rows, columns), got (2, 5))");
  EXPECT_EQ(problem(with(1, bytes_array({2, 10}, Bytes(20)))),
            "y_train: shape: not one label an image (expected (images) or (images, 1), got (2, 10))");
  EXPECT_EQ(problem(with(0, bytes_array({1, 300, 2}, Bytes(600)))),
            "x_train: shape: too large (expected 1 to 256, got 300)");
  EXPECT_EQ(problem(with(0, bytes_array({0, 2, 2}, {}))),
            "x_train: shape: must not be zero (expected 1 to 10,000,000, got 0)");
  EXPECT_EQ(problem(with(0, array_of<float>('f', {1, 1, 2}, {0.5f, 2.0f}))),
            "x_train: element 0: out of range (expected whole numbers from 0 to 255, or floats from 0 to 1, got 0.5)");
  EXPECT_EQ(problem(with(1, array_of<std::int32_t>('i', {2}, {1, -1}))),
            "y_train: element 1: out of range (expected whole numbers from 0 to 255, got -1)");
  EXPECT_THAT(problem(with(1, bytes_array({1}, {1}))), HasSubstr("not one label for each image of train-images "));
  EXPECT_EQ(problem({{"weights", bytes_array({1}, {1})}}),
            "no array of images by its name (expected x_train, y_train, x_test and y_test, got weights)");
  EXPECT_EQ(problem({{"x_train", bytes_array({1, 1, 1}, {1})}, {"train_images", bytes_array({1, 1, 1}, {1})}}),
            "train_images: a second array of train-images");
}

TEST_F(NumpySet, IsFoundByItsContentWhateverItIsCalled) {
  const TemporaryFolder folder;
  put(folder / "digits", small_set());
  EXPECT_EQ(load_data((folder / "digits").string()).training.size(), 2u);
}

TEST_F(NumpySet, BlamesTheElementThatIsNoNumber) {
  for (const float odd : {std::nanf(""), HUGE_VALF}) {
    std::vector<Named> arrays = small_set();
    arrays[2].array = array_of('f', {1, 2, 2}, std::vector<float>{0.5f, 0.25f, odd, 0});
    const Error error = error_of([&] { load(arrays); });
    EXPECT_THAT(error.what(), HasSubstr(": x_test: element 2: not finite (expected whole numbers from 0 to 255, or "
                                        "floats from 0 to 1, got "));
  }
}

}  // namespace
}  // namespace nib
