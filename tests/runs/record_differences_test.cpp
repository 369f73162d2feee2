// In which fields records differ, and in which tensor weights.

#include "runs/record_differences.h"

#include <gmock/gmock.h>

#include "formats/weights.h"
#include "model/network_json.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> fields(const Json& expected, const Json& got, bool both = true) {
  std::vector<std::string> names;
  for (const Difference& each : differences(expected, got, both, [](std::string_view) { return true; }))
    names.push_back(each.field + ": " + each.expected + ", " + each.got);
  return names;
}

TEST(Differences, AreNamedByTheirPlaces) {
  const Json one = {{"a", 1}, {"b", {{"c", Json::array({1, 2.5, "x"})}, {"d", nullptr}}}};
  EXPECT_THAT(fields(one, one), IsEmpty());
  const Json other = {{"a", 2}, {"b", {{"c", Json::array({1, 2.25, "y"})}, {"d", true}}}};
  EXPECT_THAT(fields(one, other),
              ElementsAre("a: 1, 2", "b.c[1]: 2.5, 2.25", R"(b.c[2]: "x", "y")", "b.d: null, true"));
}

TEST(Differences, AreWhatOneSideLacks) {
  const Json one = {{"a", 1}, {"b", 2}}, other = {{"b", 2}, {"c", Json::array({1, 2})}};
  EXPECT_THAT(fields(one, other), ElementsAre("a: 1, nothing", "c: nothing, an array of 2"));
  EXPECT_THAT(fields(one, other, false), ElementsAre("a: 1, nothing"));
  EXPECT_THAT(fields({{"a", Json::array({1})}}, {{"a", Json::array({1, 2})}}),
              ElementsAre("a: an array of 1, an array of 2"));
  EXPECT_THAT(fields({{"a", Json::array({1})}}, {{"a", 1}}), ElementsAre("a: an array of 1, 1"));
}

TEST(Differences, AreLookedForWhereTrainingDecides) {
  for (const char* const field :
       {"configuration.seed", "configuration.dataset", "history.loss[3]", "data.files[0].raw_sha256",
        "file_sha256.test_predictions.csv", "epoch_weights.sha256[1]", "starting"})
    EXPECT_TRUE(is_decided_by_training(field)) << field;
  for (const char* const field :
       {"started", "seconds.total", "history.seconds[3]", "data.files[12].path", "program.version",
        "configuration.data", "file_sha256.history.csv", "stops[0].step", "files[3]"})
    EXPECT_FALSE(is_decided_by_training(field)) << field;
}

Parameters small_parameters() {
  return initial_parameters(
      parse_network(R"({"input": [4, 4, 1], "layers": [{"type": "convolution", "filters": 2, "kernel": 3},
                      {"type": "flatten"}, {"type": "dense", "units": 2, "activation": "softmax"}]})",
                    "small"),
      3);
}

TEST(EpochWeights, NameTheFirstTensorThatDiffers) {
  const Parameters weights = small_parameters();
  const EpochWeights recorded = epoch_weights(weights);
  EXPECT_EQ(recorded.sha256, weights_sha256(weights));
  EXPECT_EQ(recorded.tensors.size(), 4 * 9 - 1U);
  EXPECT_TRUE(recorded.tensors.ends_with(recorded.sha256.substr(0, 8)));
  EXPECT_EQ(first_other_tensor(recorded, weights), "");
  for (std::size_t first = 0; first < weights.tensors.size(); ++first) {
    Parameters other = weights;
    for (std::size_t i = first; i < other.tensors.size(); ++i) other.tensors[i].values.back() += 1;
    EXPECT_EQ(first_other_tensor(recorded, other), weights.tensors[first].name);
    EXPECT_EQ(first_other_tensor({.sha256 = recorded.sha256, .tensors = ""}, other), "weights");
  }
  EXPECT_EQ(epoch_weights(weights, false), (EpochWeights{.sha256 = recorded.sha256, .tensors = ""}));
}

}  // namespace
}  // namespace nib
