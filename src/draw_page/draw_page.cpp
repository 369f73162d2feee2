#include "draw_page/draw_page.h"

#include <fmt/core.h>

#include <bit>
#include <span>

#include "base/error.h"
#include "base/text.h"
#include "draw_page/embedded.h"
#include "encodings/base64.h"
#include "encodings/json.h"
#include "model/layer_names.h"
#include "model/network_json.h"
#include "report/html.h"
#include "report/page_head.h"
#include "score/score.h"

namespace nib {
namespace {

static_assert(std::endian::native == std::endian::little, "the page's weights are little-endian");

std::string weights_base64(const Parameters& parameters) {
  std::vector<float> numbers;
  for (const Tensor& tensor : parameters.tensors)
    numbers.insert(numbers.end(), tensor.values.begin(), tensor.values.end());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(numbers.data());
  return to_base64({bytes, numbers.size() * sizeof(float)});
}

/// JSON as a script that is no program; in its texts nothing may look like markup.
std::string json_without_markup(const Json& document) {
  std::string text;
  for (const char letter : json_text(document))
    if (letter == '<')
      text += "\\u003c";
    else
      text += letter;
  return text;
}

Html data_script(const char* id, const char* type, std::string text) {
  return html_element("script", {{"id", id}, {"type", type}}, Html::trusted(std::move(text)));
}

/// Whether the classes are the ten digits.
bool are_digits(const std::vector<std::string>& class_names) {
  if (class_names.size() != 10) return false;
  for (std::size_t i = 0; i < class_names.size(); ++i)
    if (class_names[i] != std::to_string(i)) return false;
  return true;
}

Html header(const WeightsFile& model, const std::string& title, const std::string& trained_on) {
  const std::string lead = fmt::format(
      "A network of {} parameters{} reads it in this page alone: nothing is sent anywhere.",
      with_commas(parameter_count(model.network)), trained_on.empty() ? "" : ", trained on " + trained_on + ",");
  return html_element("header", html_element("p", {{"class", "kind"}}, html_text("nib")) + html_element("h1", title) +
                                    html_element("p", {{"class", "lead"}}, html_text(lead)));
}

}  // namespace

void check_draw_page(const Network& network, const std::string& source) {
  if (network.input.channels != 1)
    throw input_error({.file = source,
                       .problem = "its network takes images that are not grey, which cannot be drawn",
                       .expected = "1 channel",
                       .got = std::to_string(network.input.channels)});
  if (const std::uint64_t parameters = parameter_count(network); parameters > most_page_parameters)
    throw input_error({.file = source,
                       .problem = "too many parameters for a page",
                       .expected = "at most " + with_commas(most_page_parameters),
                       .got = with_commas(parameters)});
}

std::string draw_page(const WeightsFile& model, const std::vector<std::string>& class_names,
                      const std::string& trained_on, const std::string& version) {
  const std::string title = are_digits(class_names) ? "Draw a digit" : "Draw";
  Json description = {{"network", network_to_json(model.network)},
                      {"layer_names", layer_names(model.network)},
                      {"class_names", class_names}};
  if (!model.score.empty()) {
    const Score score = parse_score(model.score, model.network, model.file + ": nib.score");
    description["score"] = parse_json(score_text(score), model.file, 2);
  }
  const Html body = html_element(
      "body", {{"class", "blank"}},
      html_element("noscript", html_element("p", "This page draws and reads with JavaScript, which is turned off.")) +
          html_element("main", header(model, title, trained_on) + Html::trusted(std::string(draw_body))) +
          html_element("footer", html_element("p", "Made by nib " + version + ".")) +
          data_script("network-data", "application/json", json_without_markup(description)) +
          data_script("weights-data", "application/octet-stream", weights_base64(model.parameters)) +
          html_element("script", Html::trusted(std::string(draw_script))));
  return "<!DOCTYPE html>\n" +
         html_element("html", {{"lang", "en"}}, page_head(title, draw_style, draw_script) + body).markup() + "\n";
}

}  // namespace nib
