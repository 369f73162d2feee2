#include "draw_page/draw_page.h"

#include <gmock/gmock.h>

#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "encodings/base64.h"
#include "model/network_json.h"
#include "report/markup.h"
#include "tests/places.h"

namespace nib {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

WeightsFile tiny_model() {
  WeightsFile model;
  model.network = parse_network(R"({"input":[6,5,1],"layers":[{"type":"convolution","filters":2,"kernel":[3,3]},)"
                                R"({"type":"flatten"},{"type":"dense","units":3,"activation":"softmax"}]})",
                                "network");
  model.parameters = initial_parameters(model.network, 1);
  return model;
}

std::string tiny_page(const std::vector<std::string>& class_names = {"0", "1", "2"}) {
  return draw_page(tiny_model(), class_names, "MNIST", "1.2.3");
}

/// What stands behind `begin` and before the next `end`.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t from = text.find(begin);
  if (from == std::string::npos) return "";
  return text.substr(from + begin.size(), text.find(end, from + begin.size()) - from - begin.size());
}

TEST(DrawPage, ClosesEveryTagInOrder) { EXPECT_NO_THROW(test::read_tags(tiny_page())); }

TEST(DrawPage, AllowsItsOwnScriptAndNothingElse) {
  const std::string page = tiny_page(), script = between(page, "<script>", "</script>");
  ASSERT_GT(script.size(), 1000U);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(script.data());
  const std::string hash = to_base64(sha256({bytes, script.size()}));
  EXPECT_THAT(page, HasSubstr("content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:; "
                              "script-src &#39;sha256-" +
                              hash + "&#39;\""));
  for (const char* const stranger : {"http:", "https:", "src=", "@import", "url(", "fetch(", "XMLHttpRequest", "eval("})
    EXPECT_THAT(page, Not(HasSubstr(stranger)));
}

TEST(DrawPage, HoldsTheWeightsBitForBit) {
  std::vector<float> numbers;
  for (const Tensor& tensor : tiny_model().parameters.tensors)
    numbers.insert(numbers.end(), tensor.values.begin(), tensor.values.end());
  std::vector<std::uint8_t> bytes(numbers.size() * sizeof(float));
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  EXPECT_EQ(between(tiny_page(), "<script id=\"weights-data\" type=\"application/octet-stream\">", "</script>"),
            to_base64(bytes));
}

TEST(DrawPage, DescribesTheNetwork) {
  const json description =
      json::parse(between(tiny_page(), "<script id=\"network-data\" type=\"application/json\">", "</script>"));
  EXPECT_EQ(description["network"], json::parse(network_json(tiny_model().network)));
  EXPECT_EQ(description["layer_names"], (json{"conv1", "flatten", "fc1"}));
  EXPECT_THAT(tiny_page(), HasSubstr("A network of 95 parameters, trained on MNIST, reads it"));
  EXPECT_THAT(tiny_page(), HasSubstr("Made by nib 1.2.3."));
}

TEST(DrawPage, CarriesTheScoreThatTheWeightsHave) {
  const auto description = [](const std::string& score) {
    WeightsFile model = tiny_model();
    model.score = score;
    model.file = "model.safetensors";
    return json::parse(between(draw_page(model, {"0", "1", "2"}, "", "1"),
                               "<script id=\"network-data\" type=\"application/json\">", "</script>"));
  };
  EXPECT_FALSE(description("").contains("score"));
  EXPECT_EQ(description(R"({"schema":1,"temperature":1.25})")["score"]["temperature"], 1.25);
  try {
    description(R"({"schema":1})");
    FAIL() << "taken";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("model.safetensors: nib.score: temperature"));
  }
}

TEST(DrawPage, KeepsNamesOfClassesFromBecomingMarkup) {
  const std::vector<std::string> names = {"</script><script>alert(1)</script>", "<!--", "\"'&\n"};
  const std::string page = tiny_page(names);
  EXPECT_THAT(page, Not(HasSubstr("alert(1)</script>")));
  EXPECT_THAT(page, Not(HasSubstr("<!--")));
  const json description =
      json::parse(between(page, "<script id=\"network-data\" type=\"application/json\">", "</script>"));
  EXPECT_EQ(description["class_names"], json(names));
}

TEST(DrawPage, AsksForADigitOnlyWhereTheClassesAreDigits) {
  EXPECT_THAT(tiny_page(), HasSubstr("<h1>Draw</h1>"));
  WeightsFile digits;
  digits.network = digits_network();
  digits.parameters = zero_parameters(digits.network);
  const std::vector<std::string> names = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  EXPECT_THAT(draw_page(digits, names, "", "1"), HasSubstr("<h1>Draw a digit</h1>"));
}

TEST(DrawPage, RefusesWhatCannotBeDrawnOrIsTooLarge) {
  Network network = tiny_model().network;
  network.input.channels = 3;
  try {
    check_draw_page(network, "my.npz");
    FAIL() << "taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    EXPECT_STREQ(
        error.what(),
        "my.npz: its network takes images that are not grey, which cannot be drawn (expected 1 channel, got 3)");
  }
  const auto flat = [](std::uint32_t units) {
    return Network{.input = {32, 32, 1, false},
                   .layers = {Flatten{}, Dense{units - 10, Activation::relu}, Dense{10, Activation::softmax}}};
  };
  EXPECT_NO_THROW(check_draw_page(flat(16000), "w"));
  EXPECT_THROW(check_draw_page(flat(17000), "w"), Error);
}

/// The custom properties of a style sheet in the order in which they stand: "--page: #f6f7f9".
std::vector<std::pair<std::string, std::string>> properties(const std::string& style) {
  std::vector<std::pair<std::string, std::string>> found;
  for (std::size_t at = style.find(" --"); at != std::string::npos; at = style.find(" --", at + 1)) {
    const std::size_t colon = style.find(':', at), end = style.find(';', at);
    found.emplace_back(style.substr(at + 1, colon - at - 1), style.substr(colon + 1, end - colon - 1));
  }
  return found;
}

TEST(DrawPage, HasTheColoursAndTheTypeOfTheReport) {
  const auto text = [](const char* file) {
    const std::vector<std::uint8_t> bytes = read_file(std::string(NIB_SOURCE "src/") + file, 1 << 20);
    return std::string(bytes.begin(), bytes.end());
  };
  const auto mine = properties(text("draw_page/draw.css")), reports = properties(text("report/report.css"));
  ASSERT_GT(mine.size(), 12U);
  for (const auto& property : mine) EXPECT_THAT(reports, testing::Contains(property)) << property.first;
}

}  // namespace
}  // namespace nib
