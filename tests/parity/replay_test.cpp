#include "parity/replay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "parity/gates.h"
#include "parity/small_recording.h"

namespace nib {
namespace {

class Replay : public testing::Test {
 protected:
  std::vector<ParityRow> rows() {
    const std::unique_ptr<Engine> engine = small_engine(recording.initial);
    return replay(*engine, engine->upload(small_images()), recording).value();
  }
  const SmallRecording folder;
  Recording recording = read_recording(folder.path());
};

TEST_F(Replay, OfTheSameEngineDiffersInNothing) {
  const std::vector<ParityRow> same = rows();
  ASSERT_EQ(same.size(), 4u);
  EXPECT_EQ(same[0].figure, "loss of step 1");
  EXPECT_EQ(same[1].gate, loss_gate(2));
  EXPECT_EQ(same[2].figure, "move of fc1.weight");
  EXPECT_EQ(same[3].gate, weights_gate(2));
  for (const ParityRow& row : same) {
    EXPECT_EQ(row.difference, 0) << row.figure;
    EXPECT_EQ(row.peer, row.nib);
    EXPECT_GT(row.nib, 0);
    EXPECT_TRUE(row.within());
  }
}

TEST_F(Replay, FindsALossThatIsNotThePeers) {
  recording.losses[1] += 2e-6;
  const std::vector<ParityRow> other = rows();
  EXPECT_TRUE(other[0].within());
  EXPECT_NEAR(other[1].difference, 2e-6, 1e-12);
  EXPECT_FALSE(other[1].within());
}

TEST_F(Replay, FindsWeightsThatAreNotThePeers) {
  Tensor& bias = recording.final.tensors[1];
  bias.values[0] = recording.initial.tensors[1].values[0];
  bias.values[1] += 2 * (bias.values[1] - recording.initial.tensors[1].values[1]);  // as far away, elsewhere
  const std::vector<ParityRow> other = rows();
  EXPECT_TRUE(other[2].within());
  EXPECT_GT(other[3].difference, 0.1);
  EXPECT_FALSE(other[3].within());
}

TEST_F(Replay, AsksForATensorThatThePeerDidNotMoveToStay) {
  recording.final.tensors[1] = recording.initial.tensors[1];
  EXPECT_EQ(rows()[3].difference, HUGE_VAL);
}

TEST_F(Replay, RefusesImagesThatTheSetHasNot) {
  recording.order[2] = 4;
  try {
    rows();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.what(), (folder / recording_file).string() +
                                ": order[2]: the training set has no such image (expected 0 to 3, got 4)");
  }
}

TEST_F(Replay, EndsWhereNumbersDo) {
  recording.initial.tensors[0].values[0] = HUGE_VALF;
  try {
    rows();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::numeric);
    EXPECT_EQ(error.what(), (folder / recording_file).string() + ": step 1: loss or gradient is not finite");
  }
}

}  // namespace
}  // namespace nib
