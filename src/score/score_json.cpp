#include <cmath>

#include "encodings/base64.h"
#include "encodings/json.h"
#include "encodings/json_reader.h"
#include "engines/cpu/features.h"
#include "score/score.h"

namespace nib {
namespace {

constexpr std::uint64_t schema = 1;
constexpr std::uint32_t most_hidden = 4096;

std::string bytes_text(const std::vector<std::int8_t>& steps) {
  return to_base64({reinterpret_cast<const std::uint8_t*>(steps.data()), steps.size()});
}

std::vector<std::int8_t> bytes_of(const JsonReader& reader, std::size_t size) {
  const auto bytes = from_base64(reader.text());
  if (!bytes || bytes->size() != size)
    throw reader.error("not the bytes of this judge", std::to_string(size) + " bytes in Base64",
                       bytes ? std::to_string(bytes->size()) + " bytes" : "no Base64");
  return {bytes->begin(), bytes->end()};
}

double positive(const JsonReader& reader) {
  const double number = reader.number();
  if (number <= 0 || !std::isfinite(static_cast<float>(number)))
    throw reader.error("out of range", "above 0", describe_json(reader.value()));
  return number;
}

Judge parse_judge(const JsonReader& reader, const Network& network) {
  Judge judge{.features = reader.at("features").count(), .hidden = reader.at("hidden").count()};
  const std::optional<std::size_t> features = cpu::feature_count(network);
  if (judge.features != features.value_or(0))
    throw reader.at("features")
        .error("of another network", std::to_string(features.value_or(0)), std::to_string(judge.features));
  if (judge.hidden > most_hidden)
    throw reader.at("hidden").error("out of range", "at most " + std::to_string(most_hidden),
                                    std::to_string(judge.hidden));
  judge.full = static_cast<float>(positive(reader.at("full")));
  judge.first_scale = static_cast<float>(positive(reader.at("first_scale")));
  judge.second_scale = static_cast<float>(positive(reader.at("second_scale")));
  judge.first = bytes_of(reader.at("first"), std::size_t{judge.hidden} * (judge.features + 1));
  judge.second = bytes_of(reader.at("second"), shown_kinds * (std::size_t{judge.hidden} + 1));
  return judge;
}

}  // namespace

std::string score_text(const Score& score) {
  Json document = {{"schema", schema}, {"temperature", score.temperature}};
  if (const auto& judge = score.judge) {
    document["most_none"] = score.most_none;
    document["judge"] = {{"features", judge->features},
                         {"hidden", judge->hidden},
                         {"full", judge->full},
                         {"first_scale", judge->first_scale},
                         {"second_scale", judge->second_scale},
                         {"first", bytes_text(judge->first)},
                         {"second", bytes_text(judge->second)}};
  }
  return json_line(document);
}

Score parse_score(const std::string& text, const Network& network, const std::string& source) {
  const Json document = parse_json(text, source, 2);
  const JsonReader reader(document, source);
  if (const JsonReader version = reader.at("schema"); version.whole_number() != schema)
    throw version.error("unknown version of a score", std::to_string(schema), describe_json(version.value()));
  Score score{.temperature = positive(reader.at("temperature"))};
  if (const auto judge = reader.find("judge")) {
    score.judge = parse_judge(*judge, network);
    score.most_none = reader.at("most_none").number();
    if (score.most_none < 0 || score.most_none > 1)
      throw reader.at("most_none").error("out of range", "0 to 1", describe_json(reader.at("most_none").value()));
  }
  return score;
}

}  // namespace nib
