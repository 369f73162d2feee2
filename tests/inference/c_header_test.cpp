// What a C compiler makes of a network's header answers as nib does.

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <ostream>
#include <sstream>
#include <string>

#include "base/temporary_folder.h"
#include "formats/weights_formats.h"
#include "inference/classifier.h"
#include "inference/remembered_notes.h"
#include "support/golden.h"
#include "support/synthetic.h"

namespace nib {
namespace {

/// Reads images from standard input and prints the likeliest class and all probabilities of each, a line an image.
constexpr const char* program = R"(#include "the-net.h"

#include <stdio.h>

int main(void) {
  static unsigned char pixels[THE_NET_PIXELS];
  static float work[THE_NET_WORK];
  float probabilities[THE_NET_CLASSES];
  while (fread(pixels, 1, THE_NET_PIXELS, stdin) == THE_NET_PIXELS) {
    printf("%d", the_net_classify(pixels, work, probabilities));
    for (int k = 0; k < THE_NET_CLASSES; ++k) printf(" %.9g", probabilities[k]);
    printf("\n");
  }
  return 0;
}
)";

/// Dropout, 5x5 kernels, strides, padding, no pool.
Network odd_network() {
  return {.input = {.height = 17, .width = 14, .channels = 1},
          .layers = {Convolution{.filters = 3, .kernel = {5, 5}, .stride = {2, 1}, .activation = Activation::relu},
                     Dropout{.rate = 0.25},
                     Convolution{.filters = 4, .kernel = {5, 4}, .stride = {1, 3}, .padding = Padding::same}, Flatten{},
                     Dropout{.rate = 0.5}, Dense{.units = 9, .activation = Activation::relu},
                     Dense{.units = 7, .activation = Activation::softmax}}};
}

struct Case {
  std::string name;
  WeightsFile model;
};

void PrintTo(const Case& each, std::ostream* out) { *out << each.name; }

WeightsFile model_of(const Network& network) {
  WeightsFile model;
  model.network = network;
  model.parameters = initial_parameters(network, 5);
  float bias = 0.01f;
  for (Tensor& tensor : model.parameters.tensors)
    if (tensor.shape.size() == 1)
      for (float& value : tensor.values) value = bias = -1.1f * bias + 0.001f;
  return model;
}

std::vector<Case> cases() {
  std::vector<Case> all{{"odd", model_of(odd_network())}};
  WeightsFile trained;
  trained.network = digits_network();
  trained.parameters = golden::parameters("keras/trained.safetensors");
  all.push_back({"trained_digits", trained});
  for (const auto& [name, network] : golden::networks())
    if (name != "digits") all.push_back({name, model_of(network)});
  return all;
}

class CHeader : public testing::TestWithParam<Case> {};

TEST_P(CHeader, AnswersAsNibDoes) {
  const std::string compiler = NIB_C_COMPILER;
  if (compiler.empty()) GTEST_SKIP() << "no C compiler here";
  const TemporaryFolder folder;
  const WeightsFile& model = GetParam().model;
  const auto header = weights_bytes(*weights_format_of("the-net.h"), model, (folder / "the-net.h").string());
  make_file(folder / "the-net.h", std::string(header.begin(), header.end()));
  make_file(folder / "main.c", program);
  const Dataset images =
      synthetic::digits(model.network.input.height, model.network.input.width, class_count(model.network), 12);
  make_file(folder / "images", std::string(images.pixels.begin(), images.pixels.end()));
  const std::string place = "cd '" + folder.path().string() + "' && ";
  ASSERT_EQ(std::system((place + compiler + " -std=c99 -Wall -Wextra -Werror -pedantic main.c -o main").c_str()), 0);
  ASSERT_EQ(std::system((place + "./main < images > answers").c_str()), 0);

  RememberedNotes notes;
  Classifier classifier(model, {.device = "cpu"}, 1, notes);
  std::istringstream answers(contents(folder / "answers"));
  for (std::size_t image = 0; image < images.size(); ++image) {
    const std::vector<float> expected =
        classifier.probabilities({images.image(image), std::size_t{images.rows} * images.columns});
    std::size_t best = expected.size();
    answers >> best;
    ASSERT_LT(best, expected.size());
    EXPECT_NEAR(expected[best], *std::max_element(expected.begin(), expected.end()), 1e-5);
    for (const float probability : expected) {
      float printed = -1;
      answers >> printed;
      EXPECT_NEAR(printed, probability, 1e-5) << image;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, CHeader, testing::ValuesIn(cases()),
                         [](const auto& test) { return test.param.name; });

TEST(CHeaderNames, AreThoseOfTheFile) {
  const WeightsFile model = model_of(odd_network());
  const auto holds = [&](const std::string& file, const std::string& text) {
    const auto bytes = weights_bytes(*find_weights_format("c"), model, file);
    return std::string(bytes.begin(), bytes.end()).find(text) != std::string::npos;
  };
  EXPECT_TRUE(holds("folder/my-net.h", "static inline int my_net_classify("));
  EXPECT_TRUE(holds("3x3.h", "static inline int nib_3x3_classify("));
  EXPECT_TRUE(holds("_x.h", "static inline int nib_x_classify("));
  EXPECT_TRUE(
      holds("gr\xc3\xb6\xc3\x9f"
            "e.h",
            "static inline int gr____e_classify("));
}

}  // namespace
}  // namespace nib
