#include "runs/answer_document.h"

#include "machine/machine.h"
#include "model/network_json.h"

namespace nib {

Json answer_document(const std::string& weights, const Classifier& classifier) {
  const WeightsFile& model = classifier.model();
  return {{"program", program_json()},
          {"engine", classifier.description()},
          {"weights", weights},
          {"weights_sha256", weights_sha256(model.parameters)},
          {"network", network_to_json(model.network)}};
}

}  // namespace nib
