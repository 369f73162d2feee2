// Checkpoints: that they come back as they were, that damage is found, and which of several is taken.

#include "runs/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "base/error.h"
#include "base/files.h"
#include "base/temporary_folder.h"
#include "formats/checkpoint_names.h"
#include "inference/remembered_notes.h"
#include "runs/checkpoint_files.h"
#include "runs/made_run.h"
#include "runs/record_of.h"

namespace nib {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Parameters filled(const Network& network, float begin) {
  Parameters parameters = zero_parameters(network);
  for (Tensor& tensor : parameters.tensors)
    for (float& value : tensor.values) value = (begin += 0.125f);
  return parameters;
}

Checkpoint made_checkpoint(const Network& network, std::uint64_t step = 11) {
  Checkpoint checkpoint;
  checkpoint.model.network = network;
  checkpoint.model.data = "mnist";
  checkpoint.state = {.parameters = filled(network, 0),
                      .moments = {{"adam.m", filled(network, 1000)}, {"adam.v", filled(network, 2000)}},
                      .step = step};
  checkpoint.position = {.epoch = 3, .step = 3, .loss_sum = 0.1, .correct = 7, .rows = 12, .seconds = 1.0 / 3};
  checkpoint.position.history = {{.epoch = 1,
                                  .loss = 0.3,
                                  .accuracy = 1.0 / 3,
                                  .validation_loss = std::numeric_limits<double>::infinity(),
                                  .validation_accuracy = 0.7,
                                  .seconds = 0.1,
                                  .training_seconds = 0.07},
                                 {.epoch = 2,
                                  .loss = std::numeric_limits<double>::denorm_min(),
                                  .accuracy = 0.5,
                                  .validation_loss = -0.0,
                                  .validation_accuracy = 1,
                                  .seconds = 2,
                                  .training_seconds = 1}};
  checkpoint.record = test::record_of(made_record());
  checkpoint.record.status = RunStatus::running;
  checkpoint.record.stops = {{.step = 5, .reason = "signal 2", .resumed = "2026-11-28T10:00:00Z"}};
  return checkpoint;
}

Network tiny_network() {
  return {.input = {2, 2, 1}, .layers = {Flatten{}, Dense{.units = 2, .activation = Activation::softmax}}};
}

Checkpoint read_back(const std::vector<std::uint8_t>& bytes) {
  return run_checkpoint(parse_checkpoint(bytes, "f"), "f");
}

std::string refusal(const std::vector<std::uint8_t>& bytes) {
  try {
    read_back(bytes);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    return error.what();
  }
  return "";
}

TEST(Checkpoint, ComesBackToTheLastBit) {
  const Checkpoint written = made_checkpoint(digits_network());
  const Checkpoint read = read_back(checkpoint_bytes(written, "f"));
  EXPECT_EQ(read.model.network, written.model.network);
  EXPECT_EQ(read.model.data, "mnist");
  EXPECT_EQ(read.state.parameters, written.state.parameters);
  EXPECT_EQ(read.state.moments, written.state.moments);
  EXPECT_EQ(read.state.step, 11u);
  EXPECT_EQ(read.position.epoch, 3u);
  EXPECT_EQ(read.position.step, 3u);
  EXPECT_EQ(read.position.loss_sum, 0.1);
  EXPECT_EQ(read.position.correct, 7u);
  EXPECT_EQ(read.position.rows, 12u);
  EXPECT_EQ(read.position.seconds, 1.0 / 3);
  ASSERT_EQ(read.position.history.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const EpochResult &actual = read.position.history[i], &expected = written.position.history[i];
    EXPECT_EQ(actual.epoch, i + 1);
    EXPECT_EQ(actual.loss, expected.loss);
    EXPECT_EQ(actual.accuracy, expected.accuracy);
    EXPECT_EQ(actual.validation_loss, expected.validation_loss);
    EXPECT_EQ(actual.validation_accuracy, expected.validation_accuracy);
    EXPECT_EQ(actual.seconds, expected.seconds);
    EXPECT_EQ(actual.training_seconds, expected.training_seconds);
  }
  EXPECT_EQ(json_text(to_json(read.record)), json_text(to_json(written.record)));
  EXPECT_EQ(checkpoint_bytes(read, "f"), checkpoint_bytes(written, "f"));
}

TEST(Checkpoint, HasNoValidationFiguresWhereThereWasNone) {
  Checkpoint written = made_checkpoint(tiny_network());
  for (EpochResult& epoch : written.position.history) epoch.validation_loss = epoch.validation_accuracy = std::nullopt;
  const Checkpoint read = read_back(checkpoint_bytes(written, "f"));
  for (const EpochResult& epoch : read.position.history) EXPECT_FALSE(epoch.validation_loss.has_value());
}

TEST(Checkpoint, IsAWeightsFile) {
  const Checkpoint written = made_checkpoint(digits_network());
  const WeightsFile weights = parse_weights(checkpoint_bytes(written, "f"), "f");
  EXPECT_EQ(weights.parameters, written.state.parameters);
  EXPECT_THAT(weights.notes, testing::IsEmpty());
}

TEST(Checkpoint, IsNoWeightsFileWithoutItsRun) {
  const Network network = tiny_network();
  EXPECT_THAT(refusal(weights_bytes(network, filled(network, 0), "mnist", {}, "f")),
              HasSubstr("f: nib.checkpoint: no checkpoint"));
}

TEST(Checkpoint, RefusesNumbersThatAreNotFinite) {
  Checkpoint broken = made_checkpoint(tiny_network());
  broken.state.moments[1].values.tensors[0].values[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(checkpoint_bytes(broken, "f"), Error);
}

void expect_found(std::vector<std::uint8_t>& bytes, std::size_t index, unsigned bit) {
  bytes[index] = static_cast<std::uint8_t>(bytes[index] ^ (1u << bit));
  EXPECT_NE(refusal(bytes), "") << "byte " << index << ", bit " << bit;
  bytes[index] = static_cast<std::uint8_t>(bytes[index] ^ (1u << bit));
}

TEST(Checkpoint, IsRefusedWithAnyFlippedBit) {
  std::vector<std::uint8_t> bytes = checkpoint_bytes(made_checkpoint(tiny_network()), "f");
  for (std::size_t index = 0; index < bytes.size(); ++index) expect_found(bytes, index, index % 8);
}

/// Flips drawn bits behind the header, one at a time.
void expect_data_guarded(const Network& network, int flips) {
  std::vector<std::uint8_t> bytes = checkpoint_bytes(made_checkpoint(network), "f");
  const std::size_t data = 3 * sizeof(float) * parameter_count(network);
  std::mt19937 random{3};
  std::uniform_int_distribution<std::size_t> index(bytes.size() - data, bytes.size() - 1);
  for (int i = 0; i < flips; ++i) expect_found(bytes, index(random), static_cast<unsigned>(i) % 8);
}

TEST(Checkpoint, IsRefusedWithFlippedBitsInItsData) {
  expect_data_guarded(
      {.input = {16, 16, 1}, .layers = {Flatten{}, Dense{.units = 4, .activation = Activation::softmax}}}, 10'000);
}

/// Of the usual network's fewer: each costs a SHA-256 of 2.7 MB.
TEST(Checkpoint, IsRefusedWithFlippedBitsInManyData) { expect_data_guarded(digits_network(), 60); }

class CheckpointFiles : public testing::Test {
 protected:
  void write(const std::string& name, std::uint64_t step) {
    write_file_atomically(folder / name, checkpoint_bytes(made_checkpoint(tiny_network(), step), name));
  }
  std::string found() {
    const FoundCheckpoint best = find_checkpoint(folder.path(), notes);
    return best.file.filename().string();
  }
  const TemporaryFolder folder{};
  RememberedNotes notes;
};

TEST_F(CheckpointFiles, AreListedWithTheLatestFirst) {
  for (const char* name : {"checkpoint-9.safetensors", "checkpoint-100.safetensors", "checkpoint.safetensors",
                           "checkpoint-x.safetensors", "model.safetensors", "checkpoint-7.safetensors.tmp"})
    make_file(folder / name, "");
  EXPECT_THAT(checkpoint_files(folder.path()),
              ElementsAre("checkpoint-100.safetensors", "checkpoint-9.safetensors", "checkpoint.safetensors"));
  EXPECT_THAT(checkpoint_files(folder / "no"), ElementsAre());
  EXPECT_EQ(checkpoint_file_of(844), "checkpoint-844.safetensors");
  EXPECT_EQ(step_in_name("checkpoint-844.safetensors"), 844u);
}

TEST_F(CheckpointFiles, TheLatestIsTaken) {
  write("checkpoint-4.safetensors", 4);
  write("checkpoint-12.safetensors", 12);
  EXPECT_EQ(found(), "checkpoint-12.safetensors");
  write("checkpoint.safetensors", 9);
  EXPECT_EQ(found(), "checkpoint-12.safetensors");
  write("checkpoint.safetensors", 13);
  EXPECT_EQ(found(), "checkpoint.safetensors");
  EXPECT_EQ(find_checkpoint(folder / "checkpoint-4.safetensors", notes).checkpoint.state.step, 4u);
  EXPECT_THAT(notes.warned, ElementsAre());
}

TEST_F(CheckpointFiles, ADamagedOneIsToldAndTheOneBeforeTaken) {
  write("checkpoint-4.safetensors", 4);
  write("checkpoint-8.safetensors", 8);
  make_file(folder / "checkpoint-12.safetensors", contents(folder / "checkpoint-8.safetensors") + "x");
  EXPECT_EQ(found(), "checkpoint-8.safetensors");
  ASSERT_EQ(notes.warned.size(), 1u);
  EXPECT_THAT(notes.warned[0], HasSubstr("checkpoint-12.safetensors: "));
  EXPECT_THAT(notes.warned[0], HasSubstr("; in its place is taken checkpoint-8.safetensors"));
}

TEST_F(CheckpointFiles, NoneIsAnError) {
  EXPECT_THROW(found(), Error);
  make_file(folder / "checkpoint.safetensors", "");
  EXPECT_THROW(found(), Error);
}

}  // namespace
}  // namespace nib
