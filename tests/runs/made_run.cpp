#include "runs/made_run.h"

#include "base/temporary_folder.h"
#include "encodings/json.h"
#include "runs/record_seal.h"

namespace nib {

const std::string made_predictions =
    "index,true,predicted,p0,p1\n"
    "0,0,0,0.75,0.25\n"
    "1,1,1,0.5,0.50000006\n"
    "2,1,1,0,1\n"
    "3,0,1,0.125,0.875\n";

nlohmann::ordered_json made_record() {
  return nlohmann::ordered_json::parse(R"({
    "status": "finished", "started": "2026-11-22T17:31:05Z", "finished": "2026-11-22T17:31:09Z", "engine": "cpu, AVX2",
    "configuration": {
      "data": "set",
      "network": {"input": [4, 4, 1],
                  "layers": [{"type": "flatten"}, {"type": "dense", "units": 2, "activation": "softmax"}]},
      "epochs": 2, "batch": 8, "validation_split": 0.0, "learning_rate": 0.001, "seed": 0, "start_weights": null},
    "data": {
      "name": "unknown", "class_names": ["cat", "dog"],
      "files": [{"path": "train-images", "raw_sha256": "11"}, {"path": "train-labels", "raw_sha256": "12"},
                {"path": "t10k-images", "raw_sha256": "13"}, {"path": "t10k-labels", "raw_sha256": "14"}]},
    "history": {"epoch": [1, 2], "accuracy": [0.5, 0.75], "loss": [0.875, 0.625], "seconds": [1.5, 1.25]},
    "test": {"images": 4, "correct": 3, "loss": 0.765, "accuracy": 0.75, "confusion_matrix": [[1, 1], [0, 2]]},
    "seconds": {"training": 2.75, "test": 0.25, "total": 4.5},
    "weights_sha256": "0123456789abcdef"})");
}

void make_run(const std::filesystem::path& folder, const nlohmann::ordered_json& record,
              const std::string& predictions) {
  std::filesystem::create_directory(folder);
  make_file(folder / "run.json", record.dump());
  make_file(folder / "test_predictions.csv", predictions);
}

std::string sealed_text(const std::string& record) {
  constexpr int deepest = 16;
  return json_text(sealed(parse_json(record, "made", deepest)));
}

}  // namespace nib
