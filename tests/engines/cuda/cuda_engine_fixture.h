#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/error.h"
#include "cuda_on_host.h"
#include "nib/engine.h"
#include "support/golden.h"

namespace nib {

/// Tests of the CUDA engine on a stand-in device that is fresh before each and must be clean behind it.
class CudaEngineTest : public testing::Test {
 protected:
  void SetUp() override {
    cuda_on_host::reset();
    // Races inside kernels are looked for in the kernels' own tests; a host thread for each of theirs takes too long
    // here.
    cuda_on_host::set_block_threads(cuda_on_host::BlockThreads::by_turns);
  }
  void TearDown() override { cuda_on_host::reset(); }

  /// Images of an evaluation step: as many as fill a GPU would take long here.
  static constexpr std::uint32_t evaluation_batch = 64;

  /// Strict FP32 unless the options say more.
  static std::unique_ptr<Engine> make(EngineOptions options);

  /// The message of the device error that `call` must end with.
  template <typename Call>
  static std::string device_error_of(const Call& call) {
    try {
      call();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::device);
      return std::string(error.what()) + "; hint: " + error.problem().hint;
    }
    ADD_FAILURE() << "no error";
    return {};
  }

  /// A set of `count` images that fits `network`.
  static std::shared_ptr<const Dataset> images_for(const Network& network, std::uint32_t count);
};

/// Dropout, pooling and two dense layers in little time.
Network small_network();

/// A frame, pools of both kinds, two layers of each kind: every buffer that a branch reads beside the main lane.
Network branching_network();

/// A hash of everything that training changes.
std::string state_hash(const Engine& engine);

/// Trains a number of epochs in shuffled order and returns the state's hash.
std::string trained_hash(Engine& engine, const std::shared_ptr<const Dataset>& images, std::uint32_t batch,
                         std::uint32_t epochs);

}  // namespace nib
