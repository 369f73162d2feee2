#include "runs/record_checks.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "runs/run_monitor.h"
#include "statistics/mean_loss.h"

namespace nib {
namespace {

using Counts = std::span<const std::uint64_t>;

/// The sum where no number is above `most`, which all of them together are to reach; else nothing.
std::optional<std::uint64_t> sum_of(Counts counts, std::uint64_t most) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts) {
    if (count > most - sum) return std::nullopt;
    sum += count;
  }
  return sum;
}

/// Throws errors about one record.
class Checks {
 public:
  explicit Checks(const std::string& source) : source_(source) {}

  template <typename Value>
  void equal(const std::string& field, const std::string& problem, const Value& expected, const Value& got) const {
    if (expected != got) fail(field, problem, fmt::format("{}", expected), fmt::format("{}", got));
  }
  void sum(const std::string& field, const std::string& problem, std::uint64_t expected, Counts counts) const {
    const std::optional<std::uint64_t> got = sum_of(counts, expected);
    if (got != expected) fail(field, problem, fmt::format("{} in all", expected), got ? std::to_string(*got) : "more");
  }
  [[noreturn]] void fail(const std::string& field, const std::string& problem, std::string expected,
                         std::string got) const {
    throw input_error(
        {.file = source_, .field = field, .problem = problem, .expected = std::move(expected), .got = std::move(got)});
  }

 private:
  const std::string& source_;
};

void check_counts(const Checks& checks, const DataRecord& data) {
  for (const auto& [part, counts] : data.class_counts)
    if (const auto images = std::ranges::find(data.images, part, &std::pair<std::string, std::uint64_t>::first);
        images != data.images.end())
      checks.sum("data.class_counts." + part, "contradicts data.images", images->second, counts);
}

void check_test(const Checks& checks, const RunRecord& record) {
  const TestResult& test = *record.test;
  const std::size_t classes = record.data.class_names.size();
  const std::string matrix = "test.confusion_matrix";
  checks.sum(matrix, "contradicts test.images", test.images, test.confusion);
  std::uint64_t right = 0;
  for (std::size_t k = 0; k < classes; ++k) right += test.confusion[k * classes + k];
  checks.equal("test.correct", "contradicts test.confusion_matrix", right, test.correct);
  const double accuracy = static_cast<double>(test.correct) / static_cast<double>(test.images);
  constexpr double rounding = 1e-9;
  if (!(std::abs(accuracy - test.accuracy) <= rounding))
    checks.fail("test.accuracy", "contradicts test.correct", fmt::format("{:.9g}", accuracy),
                fmt::format("{:.9g}", test.accuracy));
  for (const auto& [part, images] : record.data.images)
    if (part == "test") checks.equal("data.images.test", "contradicts test.images", test.images, images);
  for (const auto& [part, counts] : record.data.class_counts)
    for (std::size_t k = 0; k < classes && part == "test"; ++k)
      checks.sum(fmt::format("{}[{}]", matrix, k), "contradicts data.class_counts.test", counts[k],
                 Counts(test.confusion).subspan(k * classes, classes));
}

void check_history(const Checks& checks, const RunRecord& record) {
  if (early_stop_in_words(record).empty())
    checks.equal("history", "not as many epochs as configuration.epochs", record.configuration["epochs"].whole(),
                 std::uint64_t{record.history.size()});
  const auto check = [&](const char* column, std::uint32_t epoch, double figure, double highest) {
    if (figure < 0 || figure > highest)
      checks.fail(fmt::format("history.{}[{}]", column, epoch - 1), "number out of range",
                  std::isfinite(highest) ? fmt::format("0 to {}", highest) : "at least 0",
                  fmt::format("{:.9g}", figure));
  };
  constexpr double any = std::numeric_limits<double>::infinity();
  for (const EpochResult& epoch : record.history) {
    check("accuracy", epoch.epoch, epoch.accuracy, 1);
    check("loss", epoch.epoch, epoch.loss, any);
    check("val_accuracy", epoch.epoch, epoch.validation_accuracy.value_or(0), 1);
    check("val_loss", epoch.epoch, epoch.validation_loss.value_or(0), any);
    check("learning_rate", epoch.epoch, epoch.learning_rate.value_or(0), any);
    check("seconds", epoch.epoch, epoch.seconds, any);
  }
}

/// Which weights are the best, and which of them the run had at its end.
void check_weights(const Checks& checks, const RunRecord& record) {
  const std::uint64_t epochs = record.history.size(), tested = record.weights_epoch.value_or(epochs);
  if (record.best)
    checks.equal(std::string("history.") + word(monitor_of(record.configuration, record.history).figure),
                 "contradicts best.epoch", record.best->epoch, best_epoch(record).value_or(0));
  if (tested != epochs && tested != best_epoch(record))
    checks.fail("weights_epoch", "neither the last epoch nor the best", std::to_string(epochs), std::to_string(tested));
  constexpr std::size_t longest = 80;  // a hash has 64; a record may hold anything
  if (record.best && tested == record.best->epoch && !has_mean_weights(record))
    checks.equal("best.weights_sha256", "contradicts weights_sha256", printable(record.weights_sha256, longest),
                 printable(record.best->weights_sha256, longest));
}

/// What the hashes of the weights at the epochs' ends say of those that the run kept.
void check_epoch_weights(const Checks& checks, const RunRecord& record) {
  if (record.epoch_weights.empty()) return;
  checks.equal("epoch_weights.sha256", "not as many as there are epochs in history", record.history.size(),
               record.epoch_weights.size());
  const auto check = [&](const std::string& field, const std::string& epoch_field, std::uint32_t epoch,
                         const std::string& hash) {
    if (epoch < 1 || epoch > record.epoch_weights.size()) return;
    const std::string& expected = record.epoch_weights[epoch - 1].sha256;
    constexpr std::size_t longest = 80;
    if (!expected.empty())
      checks.equal(field, fmt::format("contradicts {} and epoch_weights.sha256[{}]", epoch_field, epoch - 1), expected,
                   printable(hash, longest));
  };
  if (!has_mean_weights(record))  // the hashes are of those that were trained
    check("weights_sha256", "weights_epoch", record.weights_epoch.value_or(record.epoch_weights.size()),
          record.weights_sha256);
  if (record.best) check("best.weights_sha256", "best.epoch", record.best->epoch, record.best->weights_sha256);
}

/// Probabilities are floats, in which one near 1 has few digits of its loss.
bool agrees(double loss, const MeanLoss& of_predictions) {
  const double difference = loss - of_predictions.loss, slack = 1e-5 + 1e-3 * of_predictions.loss;
  return of_predictions.exact ? std::abs(difference) <= slack : difference >= -slack;
}

}  // namespace

void check_figures(const RunRecord& record, const Network& network, const std::string& source) {
  const Checks checks(source);
  checks.equal("data.class_names", "not as many as the network has classes", std::size_t{class_count(network)},
               record.data.class_names.size());
  check_counts(checks, record.data);
  if (record.test) check_test(checks, record);
  check_history(checks, record);
  check_weights(checks, record);
  check_epoch_weights(checks, record);
}

void check_predictions(const Predictions& predictions, const RunRecord& record, const std::string& source) {
  const TestResult& test = *record.test;
  const std::size_t classes = record.data.class_names.size();
  if (predictions.size() != test.images || predictions.classes != classes)
    throw input_error({.file = source,
                       .problem = "not the predictions of this run",
                       .expected = fmt::format("{} images of {} classes, as run.json says", test.images, classes),
                       .got = fmt::format("{} images of {} classes", predictions.size(), predictions.classes)});
  const std::vector<std::uint64_t> found = confusion_matrix(predictions);
  const auto [expected, got] = std::ranges::mismatch(test.confusion, found);
  if (got != found.end()) {
    const auto place = static_cast<std::size_t>(got - found.begin());
    throw input_error({.file = source,
                       .problem = fmt::format("not the predictions of this run: class {} was taken for {} by another "
                                              "number of images than in the confusion matrix of run.json",
                                              place / classes, place % classes),
                       .expected = std::to_string(*expected),
                       .got = std::to_string(*got)});
  }
  const Json& label_smoothing = record.configuration["label_smoothing"];
  const double smoothing = label_smoothing.is_null() ? 0 : label_smoothing.number();
  MeanLoss loss = mean_loss(predictions, smoothing);
  // What the penalty adds depends on the weights, but is never negative.
  const Json& l2 = record.configuration["l2"];
  if (!l2.is_null() && l2.number() > 0) loss.exact = false;
  if (!agrees(test.loss, loss))
    throw input_error({.file = source,
                       .problem = "not the predictions of this run: their mean loss is another than in run.json",
                       .expected = fmt::format("{:.6g}", test.loss),
                       .got = fmt::format("{:.6g}", loss.loss)});
}

}  // namespace nib
