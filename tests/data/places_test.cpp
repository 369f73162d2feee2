#include "data/places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "data/catalogue.h"
#include "data/idx_files.h"
#include "tests/places.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST(Places, AreSearchedInTheDocumentedOrder) {
  const ScopedEnvironment data("NIB_DATA", "/sets"), cache("XDG_CACHE_HOME", "/cache");
  const std::vector<fs::path> places = data_places("fashion");
  ASSERT_EQ(places.size(), 6u);
  const fs::path home = fs::read_symlink("/proc/self/exe").parent_path().parent_path();
  EXPECT_EQ(places[0], "/sets/fashion");
  EXPECT_EQ(places[1], "/sets");
  EXPECT_EQ(places[2], home / "data/fashion");
  EXPECT_EQ(places[3], home / "share/nib/fashion");
  EXPECT_EQ(places[4], "/cache/nib/fashion");
  EXPECT_EQ(places[5], "/usr/share/datasets/fashion-mnist");
}

TEST(Places, FollowHomeWhereNoCacheFolderIsSet) {
  const ScopedEnvironment data("NIB_DATA", std::nullopt), home("HOME", "/home/me");
  const ScopedEnvironment relative("XDG_CACHE_HOME", "cache");
  EXPECT_EQ(data_places("mnist").back(), "/home/me/.cache/nib/mnist");
  const ScopedEnvironment no_home("HOME", std::nullopt);
  EXPECT_EQ(data_places("mnist").size(), 2u);
}

TEST(Places, TheFirstWithAnyOfTheFilesIsTaken) {
  const TemporaryFolder root;
  fs::create_directories(root / "sets/fashion");
  fs::create_directories(root / "cache/nib/fashion");
  const ScopedEnvironment data("NIB_DATA", root / "sets"), cache("XDG_CACHE_HOME", root / "cache");
  const KnownSet& fashion = *find_known_set("fashion");
  make_file(root / "cache/nib/fashion/train-images-idx3-ubyte", "x");
  EXPECT_EQ(find_known_set_folder(fashion), root / "cache/nib/fashion");
  make_file(root / "sets/t10k-labels.idx1-ubyte.gz", "x");
  EXPECT_EQ(find_known_set_folder(fashion), root / "sets");
  make_file(root / "sets/fashion/train-labels-idx1-ubyte", "x");
  EXPECT_EQ(find_known_set_folder(fashion), root / "sets/fashion");
}

TEST(Places, TheFolderOfAnotherSetIsPassedOver) {
  const TemporaryFolder root;
  const fs::path mnist = fs::path(NIB_DATA_SOURCE) / "mnist";
  const ScopedEnvironment data("NIB_DATA", mnist), cache("XDG_CACHE_HOME", root.path());
  fs::create_directories(root / "nib/fashion");
  make_file(root / "nib/fashion/train-images-idx3-ubyte", "x");
  EXPECT_EQ(find_known_set_folder(*find_known_set("fashion")), root / "nib/fashion");
  EXPECT_EQ(find_known_set_folder(*find_known_set("mnist")), mnist);
}

TEST(Places, AreAllNamedWhenASetIsNowhere) {
  const TemporaryFolder empty;
  const ScopedEnvironment data("NIB_DATA", empty.path().string()), cache("XDG_CACHE_HOME", empty.path().string());
  if (find_known_set_folder(*find_known_set("fashion"))) GTEST_SKIP() << "Fashion-MNIST is installed on this machine";
  const Error error = error_of([] { locate("fashion"); });
  EXPECT_EQ(error.code(), ExitCode::bad_input);
  const std::string line = error.what();
  EXPECT_THAT(line, ::testing::StartsWith("data fashion: Fashion-MNIST was not found; looked in " +
                                          empty.path().string() + "/fashion, " + empty.path().string() + ", "));
  for (const fs::path& place : data_places("fashion")) EXPECT_THAT(line, HasSubstr(place.string()));
  EXPECT_EQ(error.problem().hint, "nib data fetch fashion, or apt install dataset-fashion-mnist");
}

TEST(Places, AWarningSaysThatTheWishedForFolderHoldsNothing) {
  const TemporaryFolder empty;
  const ScopedEnvironment data("NIB_DATA", empty.path().string()), cache("XDG_CACHE_HOME", empty / "cache");
  fs::create_directories(empty / "cache/nib/mnist");
  make_file(empty / "cache/nib/mnist/t10k-images-idx3-ubyte", "x");
  const Place place = locate("mnist");
  EXPECT_EQ(place.folder, empty / "cache/nib/mnist");
  EXPECT_EQ(place.warning,
            "NIB_DATA is " + empty.path().string() + ", but MNIST is not there; " + place.folder.string() + " is used");
}

TEST(Places, NibDataIsTheFolderItselfOrTheOneAboveIt) {
  const TemporaryFolder root;
  fs::create_directory(root / "mnist");
  make_file(root / "mnist" / "t10k-images-idx3-ubyte", "x");
  for (const fs::path& folder : {root.path(), root / "mnist"}) {
    const ScopedEnvironment data("NIB_DATA", folder.string());
    const Place place = locate("mnist");
    EXPECT_EQ(place.folder, root / "mnist");
    EXPECT_EQ(place.warning, "");
  }
}

TEST(Places, AFolderMustExist) {
  const Error missing = error_of([] { locate("/no/such/folder"); });
  EXPECT_EQ(missing.code(), ExitCode::io);
  EXPECT_STREQ(missing.what(),
               "data /no/such/folder: no known data set, and as a file or folder: no such file or directory "
               "(expected mnist, fashion, or a file or folder of a data set)");
  const TemporaryFolder folder;
  make_file(folder / "file", "x");
  EXPECT_THAT(error_of([&] { locate((folder / "file").string()); }).what(), HasSubstr(" in a format that nib reads "));
  EXPECT_EQ(error_of([&] { locate((folder / "file").string()); }).problem().hint, "") << "there is no set beside it";
  make_file(folder / "train-images-idx3-ubyte", "x");
  EXPECT_EQ(error_of([&] { locate((folder / "file").string()); }).problem().hint,
            "give the folder that it is in: " + folder.path().string());
  for (const char* name : {"minst", "MNIST", "mnist/"})
    EXPECT_EQ(error_of([&] { locate(name); }).problem().hint, "did you mean mnist?") << name;
  for (const char* name : {"FashionMNIST", "fashion_mnist", "Fashion"})
    EXPECT_EQ(error_of([&] { locate(name); }).problem().hint, "did you mean fashion?") << name;
  EXPECT_EQ(error_of([] { locate("2"); }).problem().hint, "");
}

TEST(Places, OfAFileThatIsNoSetSayWhatItLacks) {
  const TemporaryFolder folder;
  for (const auto& [separator, words] : {std::pair{';', "semicolons"}, {'\t', "tabs"}, {'|', "bars"}}) {
    std::string text = "label,a,b,c,d\n1,0,9,255,7\n";
    std::ranges::replace(text, ',', separator);
    make_file(folder / "t.csv", text);
    EXPECT_EQ(error_of([&] { locate((folder / "t.csv").string()); }).problem().hint,
              std::string("save it with commas between the cells, not ") + words);
  }
  make_file(folder / "digits.csv", "label,a,b,c,d\n1,0,9,255,7\n");
  const auto hint_of = [&](const std::string& text) {
    make_file(folder / "t.csv", text);
    return error_of([&] { locate((folder / "t.csv").string()); }).problem().hint;
  };
  for (const char* text : {"\nlabel,a,b,c,d\n1,0,9,255,7\n", "sep=,\n1,0,9,255,7\n", "# made by x\n1,0,9,255,7\n"})
    EXPECT_EQ(hint_of(text), "take away the lines before the table's first one");
  EXPECT_EQ(hint_of("\xFF\xFE"
                    "1 x"),
            "save it in UTF-8, not in UTF-16");
  make_file(folder / "empty", "");
  EXPECT_THAT(error_of([&] { locate((folder / "empty").string()); }).what(), HasSubstr(", got an empty file)"));
}

TEST(Places, NameTheSetThatIsMeantAmongSeveralInAFolder) {
  const TemporaryFolder folder;
  for (const char* set : {"emnist-letters", "emnist-digits"})
    make_file(folder / (std::string(set) + "-train-images-idx3-ubyte"), "x");
  EXPECT_EQ(error_of([&] { locate((folder / "emnist-leters").string()); }).problem().hint,
            "did you mean " + (folder / "emnist-letters").string() + "?");
}

TEST(Places, KnownFilesAreDescribedByTheirHash) {
  EXPECT_EQ(describe_known_file(find_known_set("fashion")->sha256[3]), "t10k-labels of Fashion-MNIST");
  EXPECT_EQ(describe_known_file("00"), "");
  EXPECT_EQ(find_known_set("letters"), nullptr);
}

}  // namespace
}  // namespace nib
