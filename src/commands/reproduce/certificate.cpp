#include "commands/reproduce/certificate.h"

#include <fmt/core.h>

#include <filesystem>

#include "base/text.h"
#include "machine/machine.h"

namespace nib {
namespace {

constexpr std::size_t longest = 80;  // of a text that a record may hold anything in

std::string text_in(const Json& object, const char* key) {
  const Json& value = object[key];
  return value.is_text() ? value.text() : std::string();
}

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

std::string hash_of_epoch(const RunRecord& record, std::uint32_t epoch) {
  return epoch <= record.epoch_weights.size() ? record.epoch_weights[epoch - 1].sha256 : std::string();
}

std::string epochs_in_words(const RecordedRun& run, const Repetition& repetition) {
  const std::size_t all = run.record().history.size();
  if (repetition.whole) return fmt::format("{} epoch{}", all, all == 1 ? "" : "s");
  std::vector<std::string> numbers;
  for (const std::uint32_t epoch : repetition.epochs) numbers.push_back(std::to_string(epoch));
  return fmt::format("epoch{} {} of {}", numbers.size() == 1 ? "" : "s", join_words(numbers), all);
}

}  // namespace

std::string maker_in_words(const RecordedRun& run) {
  const RunRecord& record = run.record();
  const std::string version = text_in(record.program, "version"), hash = text_in(record.program, "sha256");
  const std::string made = "nib " + (version.empty() ? "of an unknown version" : printable(version, longest));
  if (run.is_by_this_program) return made + ", this very program";
  if (version != text_in(program_json(), "version"))
    return fmt::format("{}; this is nib {}", made, text_in(program_json(), "version"));
  return made + (hash.empty() ? ", a program that it has no hash of" : ", another program of this version");
}

Json certificate(const RecordedRun& run, const Repetition& repetition) {
  const RunRecord& record = run.record();
  Json epochs = Json::array(), data = Json::array();
  for (const std::uint32_t epoch : repetition.epochs)
    epochs.push_back({{"epoch", epoch},
                      {"weights_sha256", hash_of_epoch(repetition.again, epoch)},
                      {"recorded", !hash_of_epoch(record, epoch).empty()}});
  for (const FileRecord& file : record.data.files)
    data.push_back({{"name", std::filesystem::path(file.path).filename().string()}, {"raw_sha256", file.raw_sha256}});
  Json document = {{"reproduced", !repetition.difference},
                   {"whole", repetition.whole},
                   {"run", run.files.folder.string()},
                   {"record_sha256", or_null(run.record_sha256)},
                   {"made",
                    {{"started", record.started},
                     {"version", or_null(text_in(record.program, "version"))},
                     {"program_sha256", or_null(text_in(record.program, "sha256"))},
                     {"engine", record.engine}}},
                   {"program", program_json()},
                   {"program_sha256", or_null(program_sha256())},
                   {"machine", machine_json()},
                   {"engine", repetition.again.engine},
                   {"data", {{"name", record.data.name}, {"files", data}}},
                   {"start_weights_sha256", record.configuration["start_weights_sha256"]},
                   {"epochs", epochs},
                   {"weights_sha256", repetition.whole ? Json(record.weights_sha256) : Json()},
                   {"missing", run.missing},
                   {"notes", repetition.notes}};
  if (repetition.difference)
    document["difference"] = {{"field", repetition.difference->field},
                              {"expected", repetition.difference->expected},
                              {"got", repetition.difference->got}};
  return document;
}

std::string certificate_text(const RecordedRun& run, const Repetition& repetition) {
  const RunRecord& record = run.record();
  std::string text;
  if (!run.tells_epochs())
    text += std::string("The record has no hashes of its epochs: compared were its figures ") +
            (repetition.whole ? "and the final weights\n" : "alone\n");
  text += "REPRODUCED bit for bit: " + epochs_in_words(run, repetition);
  if (repetition.whole && record.test)
    text += fmt::format(", the weights and the test of {} images", with_commas(record.test->images));
  text += '\n';
  if (repetition.whole) text += "weights sha256: " + printable(record.weights_sha256, longest) + '\n';
  return text;
}

}  // namespace nib
