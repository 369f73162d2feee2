#include "report/sample_report.h"

#include <fmt/core.h>

#include "runs/record_of.h"

namespace nib::test {
namespace {

constexpr const char* record_text = R"({
  "status": "finished", "started": "2026-11-26T01:04:51Z", "folder": "runs/first",
  "program": {"version": "1.2.3", "compiler": "GCC 12.2.0", "libraries": {"fmt": "9.1.0"}},
  "machine": {"processor": "Model T", "usable_cores": 2},
  "engine": "cpu, AVX2, 2 threads, FP32",
  "command": "nib train --epochs 2",
  "configuration": {"data": "mnist", "network": {"input": [28, 28, 1], "layers": []}, "epochs": 2,
                    "validation_split": 0.1, "start_weights": null, "stream": false},
  "data": {"name": "mnist", "title": "MNIST", "folder": "data/mnist",
           "files": [{"path": "data/mnist/train", "raw_bytes": 47040016, "raw_sha256": "ba89"}],
           "images": {"training": 540, "validation": 60, "test": 100},
           "class_names": ["zero", "one", "two"],
           "class_counts": {"training": [170, 180, 190], "test": [30, 40, 30]}},
  "seconds": {"data": 0.2, "until_first_step": 0.3, "training": 14.5, "test": 0.5, "pictures": 0.75, "total": 16.25},
  "test": {"images": 100, "correct": 90, "loss": 0.25, "accuracy": 0.9,
           "confusion_matrix": [[28, 2, 0], [1, 37, 2], [5, 0, 25]]},
  "weights_sha256": "7e3e887a",
  "history": {"epoch": [1, 2], "accuracy": [0.85, 0.925], "loss": [0.5, 0.25], "val_accuracy": [0.9, 0.89],
              "val_loss": [0.31, 0.35], "seconds": [7.25, 7.25]},
  "peak_memory_bytes": 91320320
})";

std::string picture(const std::string& name) {
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" id="{0}" class="picture" role="img" aria-label="{0}" )"
      R"(viewBox="0 0 600 200" width="600" height="200"><rect width="600" height="200" class="fill-paper" )"
      R"(fill="#ffffff"/><text x="20" y="40" font-size="14" class="fill-ink" fill="#1a1d23">{0}</text>)"
      R"(<polyline points="20,180 300,90 580,60" class="stroke-first" fill="none" stroke="#1b5faa"/></svg>)",
      name);
}

}  // namespace

nlohmann::ordered_json sample_record() { return nlohmann::ordered_json::parse(record_text); }

ReportContent sample_content(const RunRecord& record) {
  ReportContent content{.record = record};
  content.predictions = Predictions{.classes = 3,
                                    .labels = {0, 1, 2, 2},
                                    .predicted = {0, 2, 0, 2},
                                    .probabilities = {0.9F, 0.1F, 0, 0, 0.25F, 0.75F, 0.625F, 0, 0.375F, 0, 0, 1}};
  content.network = digits_network();
  content.classification = "      precision\nzero       0.82\n";
  for (const char* name : {"curves", "samples", "predictions", "confusion", "mistakes", "per-class", "calibration"})
    content.figures.push_back({name, fmt::format("Title of {}", name), "What there is to see.", picture(name)});
  content.figures.push_back({.name = "kernels", .title = "Title of kernels", .caption = "What there is to see."});
  return content;
}

std::string sample_page(const nlohmann::ordered_json& record) {
  const RunRecord read = record_of(record);
  return report_page(sample_content(read));
}

}  // namespace nib::test
