#include <gtest/gtest.h>

#include <iostream>

#include "cuda_on_host/cuda_on_host.h"

namespace nib::cuda_on_host {
namespace {

class SeedListener final : public testing::EmptyTestEventListener {
  void OnTestEnd(const testing::TestInfo& test) override {
    if (test.result()->Failed()) std::cout << "the stand-in of CUDA ran with NIB_CUDA_SEED=" << seed() << '\n';
  }
};

const bool listening = [] {
  // GoogleTest owns its listeners.
  testing::UnitTest::GetInstance()->listeners().Append(new SeedListener);
  return true;
}();

}  // namespace
}  // namespace nib::cuda_on_host
