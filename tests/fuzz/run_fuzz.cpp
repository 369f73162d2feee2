// Any bytes, taken as the run.json of a finished run: refused with an Error, or a run of which page, pictures and
// comparison can be made. Its predictions are made up to fit the record.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "drawing/svg.h"
#include "pictures/compare_curves.h"
#include "pictures/run_pictures.h"
#include "report/run_report.h"
#include "runs/comparison.h"
#include "runs/run_files.h"

namespace {

void check(bool condition) {
  if (!condition) std::abort();
}

std::optional<nib::RunFiles> read(std::string_view text) {
  const std::string name = "input";
  try {
    return nib::parse_run(text, name);
  } catch (const nib::Error& error) {
    check(error.code() == nib::ExitCode::bad_input);
    return std::nullopt;
  }
}

/// As many images of each class taken for each as the confusion matrix says.
nib::Predictions predictions_of(const nib::RunRecord& record) {
  const std::size_t classes = record.data.class_names.size();
  std::vector<std::uint8_t> labels;
  std::vector<float> probabilities;
  for (std::size_t place = 0; place < record.test->confusion.size(); ++place)
    for (std::uint64_t i = 0; i < record.test->confusion[place]; ++i) {
      labels.push_back(static_cast<std::uint8_t>(place / classes));
      probabilities.resize(labels.size() * classes);
      probabilities[(labels.size() - 1) * classes + place % classes] = 1;
    }
  return nib::make_predictions(std::move(labels), std::move(probabilities), classes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::optional<nib::RunFiles> run = read({reinterpret_cast<const char*>(data), size});
  constexpr std::uint64_t most_images = 300;
  if (!run || run->record.test->images > most_images) return 0;
  run->folder = "run";
  run->predictions = predictions_of(run->record);
  check(nib::confusion_matrix(run->predictions) == run->record.test->confusion);
  const std::vector<nib::RunPicture> pictures =
      nib::draw_pictures({.history = &run->record.history,
                          .step_curve = run->record.step_curve ? &*run->record.step_curve : nullptr,
                          .predictions = &run->predictions,
                          .class_names = run->record.data.class_names});
  check(!nib::run_report(run->record, "input", run->network, run->predictions, pictures).empty());
  const nib::Comparison comparison = nib::compare_runs({*run, *run});
  check(comparison.differing_settings.empty());
  check(!nib::json_text(nib::comparison_json(comparison)).empty());
  const nib::NamedHistory named[] = {{"one", run->record.history}, {"two", run->record.history}};
  check(!nib::to_svg(nib::compare_curves_picture(named)).empty());
  return 0;
}
