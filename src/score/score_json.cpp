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
constexpr std::size_t most_inputs = 65'536;  ///< their sum of whole numbers stays within 32 bits, see Judge::verdict()

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
  constexpr float least = 1e-30F;  // of what numbers are divided by
  if (!(static_cast<float>(number) >= least) || !std::isfinite(static_cast<float>(number)))
    throw reader.error("out of range", "above 0", describe_json(reader.value()));
  return number;
}

std::uint32_t count_of(const JsonReader& reader, std::size_t expected) {
  const std::uint32_t count = reader.count();
  if (count != expected) throw reader.error("of another network", std::to_string(expected), std::to_string(count));
  return count;
}

Judge parse_judge(const JsonReader& reader, const Network& network) {
  Judge judge{.input = {.units = count_of(reader.at("features"), cpu::unit_count(network).value_or(0))},
              .hidden = reader.at("hidden").count()};
  if (judge.hidden > most_hidden)
    throw reader.at("hidden").error("out of range", "at most " + std::to_string(most_hidden),
                                    std::to_string(judge.hidden));
  judge.input.full_units = static_cast<float>(positive(reader.at("full")));
  // Judges of an earlier version, and of networks without convolutions, are given units alone.
  if (const auto maps = reader.find("map_features")) {
    // Those of an earlier version divide maps into quarters.
    constexpr std::uint32_t quarters = 2;
    if (maps->count() == cpu::map_number_count(network, quarters)) judge.input.cells = quarters;
    judge.input.maps = count_of(*maps, cpu::map_number_count(network, judge.input.cells));
    judge.input.full_maps = static_cast<float>(positive(reader.at("full_map")));
  }
  if (judge.input.size() > most_inputs)
    throw reader.at("features")
        .error("out of range", "at most " + std::to_string(most_inputs) + " with the maps",
               std::to_string(judge.input.size()));
  judge.first_scale = static_cast<float>(positive(reader.at("first_scale")));
  judge.second_scale = static_cast<float>(positive(reader.at("second_scale")));
  judge.first = bytes_of(reader.at("first"), std::size_t{judge.hidden} * (judge.input.size() + 1));
  judge.second = bytes_of(reader.at("second"), shown_kinds * (std::size_t{judge.hidden} + 1));
  return judge;
}

}  // namespace

std::string score_text(const Score& score) {
  Json document = {{"schema", schema}, {"temperature", score.temperature}};
  if (const auto& judge = score.judge) {
    document["most_none"] = score.most_none;
    document["judge"] = {{"features", judge->input.units},
                         {"full", judge->input.full_units},
                         {"hidden", judge->hidden},
                         {"first_scale", judge->first_scale},
                         {"second_scale", judge->second_scale},
                         {"first", bytes_text(judge->first)},
                         {"second", bytes_text(judge->second)}};
    if (judge->input.maps > 0) {
      document["judge"]["map_features"] = judge->input.maps;
      document["judge"]["full_map"] = judge->input.full_maps;
    }
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
