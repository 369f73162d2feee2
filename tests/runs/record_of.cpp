#include "runs/record_of.h"

namespace nib::test {

RunRecord record_of(const nlohmann::ordered_json& document, const std::string& name) {
  constexpr int deepest = 16;
  const Json json = parse_json(document.dump(), name, deepest);
  return run_record(JsonReader(json, name));
}

}  // namespace nib::test
