#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "commands/small_set.h"
#include "formats/weights_formats.h"
#include "hdf5/hdf5_file.h"
#include "tests/places.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* golden = NIB_GOLDEN "/keras/trained.safetensors";

class Convert : public testing::Test {
 protected:
  Ending convert(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "convert");
    return nib(arguments, folder.path());
  }
  std::string hash(const std::string& file) const { return weights_sha256(read_weights(folder / file).parameters); }

  const TemporaryFolder folder;
};

TEST_F(Convert, GoesThereAndBackBitForBit) {
  const Ending there = convert({golden, "one.safetensors"});
  EXPECT_EQ(there.code, 0) << there.errors;
  const Ending npz = convert({"one.safetensors", "two.npz"});
  EXPECT_EQ(npz.code, 0) << npz.errors;
  EXPECT_THAT(npz.output, StartsWith("two.npz: a NumPy archive, 225,034 parameters, "));
  EXPECT_THAT(npz.output, HasSubstr("bytes, from one.safetensors (safetensors)\n"
                                    "Probabilities of 100 test images of MNIST, before and after: largest difference "
                                    "0\n"));
  EXPECT_EQ(convert({"two.npz", "three", "--to", "safetensors"}).code, 0);
  EXPECT_EQ(contents(folder / "three"), contents(folder / "one.safetensors"));
}

TEST_F(Convert, IsFoundFromTheContentNotTheName) {
  ASSERT_EQ(convert({golden, "weights.safetensors", "--to", "npz"}).code, 0);
  const Ending ending = convert({"weights.safetensors", "again.npz", "--json"});
  ASSERT_EQ(ending.code, 0) << ending.errors;
  const json document = json::parse(ending.output);
  EXPECT_EQ(document["in"]["format"], "npz");
  EXPECT_EQ(document["out"]["bytes"], contents(folder / "again.npz").size());
  EXPECT_EQ(document["check"]["images"], 100);
  EXPECT_EQ(document["check"]["largest_difference"], 0.0);
  EXPECT_EQ(document["weights_sha256"], hash("again.npz"));
}

TEST_F(Convert, TakesTheFolderOfARunAndImagesOfItsSize) {
  const SmallSetFolder place;
  ASSERT_EQ(nib(small_training({"--out", "run"}), place.path()).code, 0);
  const Ending noise = nib({"convert", "run", "run.npz"}, place.path());
  EXPECT_EQ(noise.code, 0) << noise.errors;
  EXPECT_THAT(noise.output, HasSubstr("Probabilities of 100 images of noise, before"));
  const Ending set = nib({"convert", "run", "other.npz", "--data", "set"}, place.path());
  EXPECT_THAT(set.output, HasSubstr("Probabilities of 100 test images of "));
  EXPECT_EQ(nib({"convert", "run", "third.npz", "--data", "nowhere"}, place.path()).code, 4);
  EXPECT_THAT(nib({"evaluate", "run.npz", "--data", "set", "--device", "cpu"}, place.path()).output,
              HasSubstr("Test accuracy: "));
}

/// A file that says what it was trained on is not tested on MNIST in silence.
TEST_F(Convert, TakesAlongWhatTheWeightsWereTrainedOn) {
  const SmallSetFolder place;
  ASSERT_EQ(nib(small_training({"--out", "run"}), place.path()).code, 0);
  for (const WeightsFormat& format : weights_formats()) {
    const bool needs_hdf5 = format.name == "keras" || format.name.ends_with("h5");
    if (format.read == nullptr || (needs_hdf5 && hdf5_version().empty())) continue;
    const std::string file = "run" + std::string(format.ending);
    ASSERT_EQ(nib({"convert", "run", file}, place.path()).code, 0) << file;
    const Ending ending = nib({"evaluate", file, "--device", "cpu"}, place.path());
    EXPECT_EQ(ending.code, 2) << file;
    EXPECT_THAT(ending.errors, HasSubstr("hint: the weights were trained on a set that has no name")) << file;
  }
}

TEST_F(Convert, WritesAHeaderThatItDoesNotRead) {
  const Ending ending = convert({golden, "my-net.h"});
  EXPECT_EQ(ending.code, 0) << ending.errors;
  EXPECT_THAT(ending.output, HasSubstr("Probabilities: not compared, nib does not read such files\n"));
  EXPECT_THAT(contents(folder / "my-net.h"), HasSubstr("int my_net_classify("));
}

TEST_F(Convert, ReplacesAFileOnlyByForceAndNeverItsInput) {
  make_file(folder / "out.npz", "mine");
  const Ending refused = convert({golden, "out.npz"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.errors, "nib: error: out.npz: the file exists\nhint: --force replaces it\n");
  EXPECT_EQ(contents(folder / "out.npz"), "mine");
  EXPECT_EQ(convert({golden, "out.npz", "--force"}).code, 0);
  const Ending itself = convert({"out.npz", "./out.npz", "--force"});
  EXPECT_EQ(itself.code, 2);
  EXPECT_THAT(itself.errors, HasSubstr("is IN itself"));
  EXPECT_THAT(convert({golden, "/dev/null", "--to", "npz", "--force"}).errors, HasSubstr("exists and is not a file"));
  EXPECT_THAT(folder.names(), ElementsAre("out.npz"));
}

TEST_F(Convert, LeavesAFileThatAppearedWhileItWorked) {
  ASSERT_EQ(::mkfifo((folder / "in").c_str(), 0600), 0);
  Program program({"convert", "in", "out.npz"});
  program.in(folder.path()).start();
  std::ofstream pipe(folder / "in", std::ios::binary);  // waits for its reader, who has looked at OUT by then
  make_file(folder / "out.npz", "mine");
  pipe << contents(golden);
  pipe.close();
  const Ending ending = program.wait();
  EXPECT_EQ(ending.code, 2);
  EXPECT_EQ(ending.errors, "nib: error: out.npz: the file exists\nhint: --force replaces it\n");
  EXPECT_EQ(contents(folder / "out.npz"), "mine");
  EXPECT_THAT(folder.names(), ElementsAre("in", "out.npz"));
}

TEST_F(Convert, LeavesNothingBehindWhereItFails) {
  make_file(folder / "bad.npz", std::string(contents(golden), 0, 1000));
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"bad.npz", "out.safetensors"},
                                                    {"none", "out.npz"},
                                                    {golden, "out.pt"},
                                                    {golden, "no/such/out.npz"},
                                                    {golden, "out.npz", "--data", "none"}}) {
    const Ending ending = convert(arguments);
    EXPECT_GT(ending.code, 1) << ending.errors;
    EXPECT_THAT(ending.errors, StartsWith("nib: error: "));
    EXPECT_THAT(ending.output, IsEmpty());
    EXPECT_THAT(folder.names(), ElementsAre("bad.npz"));
  }
}

TEST_F(Convert, AsksForTheOrderOfFlattenAndRecordsIt) {
  const std::string keras = NIB_GOLDEN "/npz/get_weights.npz";
  make_file(folder / "network.json",
            R"({"input":[4,4,1],"layers":[{"type":"convolution","filters":2,"kernel":[3,3]},{"type":"flatten"},)"
            R"({"type":"dense","units":2,"activation":"softmax"}]})");
  const Ending asked = convert({keras, "out.safetensors", "--network", "network.json"});
  EXPECT_EQ(asked.code, 3);
  EXPECT_THAT(asked.errors, HasSubstr(": arr_2: the file does not say in which order Flatten counts its inputs"));
  EXPECT_THAT(asked.errors, HasSubstr("hint: --flatten HWC takes it as of Keras"));
  const Ending told = convert({keras, "out.safetensors", "--network", "network.json", "--flatten", "HWC"});
  EXPECT_EQ(told.code, 0) << told.errors;
  EXPECT_THAT(told.errors, HasSubstr("nib: warning: laid out as in Keras and JAX; arr_2 counts its inputs by row"));
  EXPECT_EQ(convert({"out.safetensors", "again.npz"}).code, 0) << "the file says it now";
}

TEST_F(Convert, KnowsTheFormatsThatAreDocumented) {
  const std::string document = contents(NIB_DOCUMENTS "/weights.md");
  for (const WeightsFormat& format : weights_formats())
    EXPECT_THAT(document, HasSubstr("| `" + std::string(format.name) + "` | `" + std::string(format.ending) + "` | " +
                                    (format.read != nullptr ? "yes" : "") + (format.read != nullptr ? " | " : "| ") +
                                    (format.write != nullptr ? "yes |" : "|")));
}

}  // namespace
}  // namespace nib
