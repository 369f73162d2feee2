// Whatever is changed in a run - a field of its record, a byte of its data, its tables or its weights - is named.

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

#include "cli/command_line.h"
#include "commands/command.h"
#include "commands/reproduce/repetition.h"
#include "commands/small_set.h"
#include "formats/checkpoint.h"
#include "formats/weights.h"
#include "runs/made_run.h"
#include "runs/record_differences.h"

namespace nib {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;
using testing::HasSubstr;
using Pointer = ordered_json::json_pointer;

constexpr const char* tiny_network = R"({"input": [28, 28, 1], "layers": [
    {"type": "max_pool", "size": [7, 7]}, {"type": "dropout", "rate": 0.25}, {"type": "flatten"},
    {"type": "dense", "units": 10, "activation": "softmax"}]})";

/// Trains in this process: the program that makes the run and the one that repeats it are the same.
void train(const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"nib"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  CommandLine line("nib", "", "");
  add_train_command(line.program());
  ASSERT_EQ(line.run(static_cast<int>(words.size()), pointers.data()), 0);
}

class Mutations : public testing::Test {
 protected:
  Mutations() {
    make_file(folder / "net.json", tiny_network);
    const auto path = [&](const char* name) { return (folder / name).string(); };
    train({"train", "--data", path("set"), "--network", path("net.json"), "--epochs", "2", "--batch", "32", "--device",
           "cpu", "--threads", "1", "--keep", "2", "--no-pictures", "--quiet", "--out", path("run")});
    record = ordered_json::parse(contents(folder / "run/run.json"));
    EXPECT_EQ(found(), "") << "the run as it is";
  }

  /// What is said of the run as it is in its folder now; nothing where it is certified.
  std::string found() const {
    Streams streams(false, true);
    try {
      const RecordedRun run = open_recorded_run(folder / "run");
      const std::optional<Repetition> repetition = repeat(run, {}, streams);
      if (repetition->difference) return repetition->difference->field;
      return run.broken_seal ? run.broken_seal->what() : "";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::bad_input) << error.what();
      return error.what();
    }
  }

  /// What is found once the file holds other bytes; then it is as it was.
  std::string found_with(const std::string& file, const std::string& bytes) {
    const std::string before = contents(folder / file);
    make_file(folder / file, bytes);
    std::string text = found();
    make_file(folder / file, before);
    ++count;
    return text;
  }
  std::string found_with_flipped_byte(const std::string& file) {
    std::string bytes = contents(folder / file);
    char& byte = bytes[std::uniform_int_distribution<std::size_t>(0, bytes.size() - 1)(random)];
    byte = static_cast<char>(byte ^ 1 << std::uniform_int_distribution<>(0, 7)(random));
    return found_with(file, bytes);
  }

  const SmallSetFolder folder{};
  ordered_json record;
  std::mt19937 random{11};
  std::size_t count = 0;
};

void add_leaves(const ordered_json& value, const Pointer& place, std::vector<Pointer>& leaves) {
  if (!value.is_structured()) leaves.push_back(place);
  if (value.is_object())
    for (const auto& [key, each] : value.items()) add_leaves(each, place / key, leaves);
  if (value.is_array())
    for (std::size_t i = 0; i < value.size(); ++i) add_leaves(value[i], place / i, leaves);
}

/// The least change of a value of its kind.
void mutate(ordered_json& value) {
  if (value.is_string()) {
    std::string& text = value.get_ref<std::string&>();
    if (text.empty()) text = " ";
    text.back() = static_cast<char>(text.back() ^ 1);
  } else if (value.is_boolean()) {
    value = !value.get<bool>();
  } else if (value.is_number_float()) {
    value = std::nextafter(value.get<double>(), std::numeric_limits<double>::max());
  } else if (value.is_number()) {
    value = value.get<std::uint64_t>() + 1;
  } else {
    value = 1;
  }
}

/// "history.loss[1]", and what of it is a name: "loss".
std::string field_of(const Pointer& place) {
  std::string text;
  for (Pointer rest = place; !rest.empty(); rest.pop_back()) {
    const std::string key = rest.back();
    const bool is_index = key.find_first_not_of("0123456789") == std::string::npos;
    text = (is_index ? '[' + key + ']' : '.' + key) + text;
  }
  return text.substr(1);
}
std::string name_of(const std::string& field) {
  const std::string plain = field.substr(0, field.find('['));
  return plain.ends_with(".csv") || plain.ends_with(".json") ? plain.substr(plain.find('.') + 1)
                                                             : plain.substr(plain.rfind('.') + 1);
}

/// What a change there is told as: mostly by its own name, but a shape contradicts what has it.
std::string told_as(const std::string& field) {
  if (field.ends_with(".units")) return "as the network has classes";
  if (field == "step_curve.steps" || field == "step_curve.width") return "step_curve.images: wrong length";
  return name_of(field);
}

/// What neither training nor a checkpoint tells again: the record's own hash alone holds it.
bool is_held_by_hash_alone(const std::string& field) {
  for (const char* const key : {"seconds", "finished", "peak_memory_bytes", "files", "record_sha256"})
    if (field.starts_with(key)) return true;
  return false;
}

TEST_F(Mutations, OfAnyFieldAreNamed) {
  std::vector<Pointer> leaves;
  add_leaves(record, Pointer(), leaves);
  EXPECT_GT(leaves.size(), 200U);
  std::size_t cells = 0;  // of the confusion matrix, which are all alike
  for (const Pointer& leaf : leaves) {
    const std::string field = field_of(leaf);
    if (field.starts_with("test.confusion_matrix") && cells++ % 7 > 0) continue;
    ordered_json changed = record;
    mutate(changed[leaf]);
    const std::string plain = found_with("run/run.json", changed.dump(2) + '\n');
    EXPECT_THAT(plain, HasSubstr(is_held_by_hash_alone(field) ? "record_sha256" : told_as(field))) << field;
    if (is_held_by_hash_alone(field)) continue;
    const std::string forged = found_with("run/run.json", sealed_text(changed.dump()));
    EXPECT_THAT(forged, HasSubstr(told_as(field))) << field << ", with a hash that is right";
  }
  EXPECT_GE(count, 350U);
}

/// Settings that change no bit of this run, so that the changed record is one of the same training.
bool changes_nothing(const std::string& field) {
  for (const char* const key : {"min_delta", "early_stopping", "restore_best", "fast"})
    if (field == "configuration." + std::string(key)) return true;
  return false;
}

TEST_F(Mutations, OfWhatTrainingDecidesAreFoundWithoutCheckpoints) {
  for (const auto& entry : fs::directory_iterator(folder / "run"))
    if (entry.path().filename().string().starts_with("checkpoint")) fs::remove(entry.path());
  std::vector<Pointer> leaves;
  add_leaves(record, Pointer(), leaves);
  for (const Pointer& leaf : leaves) {
    const std::string field = field_of(leaf);
    if (!is_decided_by_training(field) || changes_nothing(field) || field.starts_with("test.confusion_matrix"))
      continue;
    ordered_json changed = record;
    mutate(changed[leaf]);
    if (field == "configuration.validation_split" || field == "configuration.learning_rate")
      changed[leaf] = 2 * record[leaf].get<double>();  // one bit of it is lost in rounding
    EXPECT_NE(found_with("run/run.json", sealed_text(changed.dump())), "") << field;
  }
  EXPECT_GE(count, 60U);
}

TEST_F(Mutations, OfAnyByteAreNamedByItsFile) {
  for (const std::string file :
       {"set/train-images-idx3-ubyte", "set/train-labels-idx1-ubyte", "set/t10k-images-idx3-ubyte",
        "set/t10k-labels-idx1-ubyte", "run/model.safetensors", "run/best.safetensors", "run/checkpoint-5.safetensors",
        "run/checkpoint-10.safetensors", "run/history.csv", "run/history.json", "run/test_predictions.csv"})
    for (int time = 0; time < 10; ++time) {
      const std::string text = found_with_flipped_byte(file);
      EXPECT_THAT(text, HasSubstr(file.substr(file.find('/') + 1))) << file;
    }
  EXPECT_EQ(count, 110U);
}

TEST_F(Mutations, OfAnyWeightAreNamedByItsTensor) {
  const auto change = [&](Parameters& parameters) {
    Tensor& tensor = parameters.tensors[count % parameters.tensors.size()];
    float& weight = tensor.values[std::uniform_int_distribution<std::size_t>(0, tensor.values.size() - 1)(random)];
    weight = std::nextafter(weight, 2.0F);
    return tensor.name;
  };
  const auto text_of = [](const std::vector<std::uint8_t>& bytes) { return std::string(bytes.begin(), bytes.end()); };
  for (const std::string file : {"run/model.safetensors", "run/best.safetensors"})
    for (int time = 0; time < 10; ++time) {
      WeightsFile model = read_weights(folder / file);
      const std::string tensor = change(model.parameters);
      const std::string bytes = text_of(weights_bytes(model.network, model.parameters, model.data, model.class_names,
                                                      file, model.limit, model.score));
      EXPECT_THAT(found_with(file, bytes), HasSubstr(file.substr(4) + ": " + tensor + ": not the weights"));
    }
  for (int time = 0; time < 10; ++time) {
    const std::string file = "run/checkpoint-5.safetensors";
    CheckpointFile checkpoint = read_checkpoint(folder / file);
    const std::string tensor = change(checkpoint.model.parameters);
    EXPECT_THAT(found_with(file, text_of(checkpoint_bytes(checkpoint, file))),
                HasSubstr("checkpoint-5.safetensors: " + tensor + ": not the weights"));
  }
}

}  // namespace
}  // namespace nib
