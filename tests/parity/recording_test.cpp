#include "parity/recording.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <ostream>

#include "formats/weights.h"
#include "parity/small_recording.h"

namespace nib {
namespace {

TEST(Recording, IsReadWhole) {
  const SmallRecording folder;
  const Recording recording = read_recording(folder.path());
  EXPECT_EQ(recording.peer, "nib");
  EXPECT_EQ(recording.data, "mnist");
  EXPECT_EQ(recording.network, small_network());
  EXPECT_EQ(recording.batch, 2u);
  EXPECT_EQ(recording.order, (std::vector<std::uint32_t>{0, 1, 2, 3}));
  EXPECT_EQ(recording.learning_rates, (std::vector<double>{0.001, 0.002}));
  EXPECT_EQ(recording.losses.size(), 2u);
  EXPECT_EQ(recording.initial, initial_parameters(small_network(), 5));
  EXPECT_NE(recording.final, recording.initial);
}

struct Change {
  std::string from, to, line;
};
std::ostream& operator<<(std::ostream& out, const Change& change) { return out << change.to; }

class WrongRecording : public testing::TestWithParam<Change> {};

TEST_P(WrongRecording, EndsInOneLine) {
  const SmallRecording folder;
  folder.change(GetParam().from, GetParam().to);
  EXPECT_EQ(folder.refusal(), GetParam().line);
}

INSTANTIATE_TEST_SUITE_P(
    Fields, WrongRecording,
    testing::Values(Change{R"("1")", R"("2")",
                           "recording.json: nib.recording: unknown version of the format (expected 1, got 2)"},
                    Change{R"("peer")", R"("pear")",
                           "recording.json: pear: unknown key (expected nib.recording, peer, data, "
                           "network, batch, order, learning_rates, label_smoothing and losses)"},
                    Change{R"("batch": 2)", R"("batch": 0)",
                           "recording.json: batch: number out of range (expected a whole number of at least 1, got 0)"},
                    Change{R"("batch": 2)", R"("batch": 2000000)",
                           "recording.json: batch: out of range (expected 1 to 1000000, got 2000000)"},
                    Change{"[0, 1, 2, 3]", "[0, 1, 2]",
                           "recording.json: order: not a whole number of batches (expected a multiple of 2, got 3)"},
                    Change{"[0, 1, 2, 3]", "[]",
                           "recording.json: order: not a whole number of batches (expected a multiple of 2, got 0)"},
                    Change{"[0, 1, 2, 3]", "[0, 1, 2, 4294967296]",
                           "recording.json: order[3]: not the index of an image (got 4294967296)"},
                    Change{"[0.001, 0.002]", "[0.001]",
                           "recording.json: learning_rates: wrong length (expected an array of 2, got an array of 1)"},
                    Change{"[0.001, 0.002]", "[0.001, 0]",
                           "recording.json: learning_rates[1]: not a learning rate (expected 1e-30 to 1e+30, got 0)"},
                    Change{R"({"type":"flatten"})", R"({"type":"flatten"},{"type":"dropout","rate":0.5})",
                           "recording.json: network: has dropout, whose random numbers no two programs share"},
                    Change{R"("units":2)", R"("units":3)",
                           "initial.safetensors: nib.network: the file is for another network than network names"}));

TEST(Recording, NeedsAllItsFiles) {
  for (const char* const name : {recording_file, recorded_start_file, recorded_end_file}) {
    const SmallRecording folder;
    std::filesystem::remove(folder / name);
    EXPECT_EQ(folder.refusal(), std::string(name) + ": cannot open: no such file or directory");
  }
}

}  // namespace
}  // namespace nib
