#include <cmath>
#include <tuple>
#include <vector>

#include "cuda_on_host/test/library_fixture.h"

namespace nib::cuda_on_host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

class CublasTest : public LibraryTest {
 protected:
  CublasTest() {
    EXPECT_EQ(cublasCreate(&handle_), CUBLAS_STATUS_SUCCESS);
    EXPECT_EQ(cublasSetStream(handle_, stream_), CUBLAS_STATUS_SUCCESS);
  }
  ~CublasTest() override { EXPECT_EQ(cublasDestroy(handle_), CUBLAS_STATUS_SUCCESS); }

  cublasStatus_t set_workspace(std::size_t bytes) { return cublasSetWorkspace(handle_, workspace_.get(), bytes); }

  /// C (2 x 1) = A (2 x 3) B (3 x 1).
  cublasStatus_t multiply(const DeviceFloats& a, const DeviceFloats& b, const DeviceFloats& c,
                          cublasComputeType_t type = CUBLAS_COMPUTE_32F_PEDANTIC) {
    return cublasGemmEx(handle_, CUBLAS_OP_N, CUBLAS_OP_N, 2, 1, 3, &one_, a.get(), CUDA_R_32F, 2, b.get(), CUDA_R_32F,
                        3, &zero_, c.get(), CUDA_R_32F, 2, type, CUBLAS_GEMM_DEFAULT);
  }

  const float one_ = 1, zero_ = 0;
  cublasHandle_t handle_ = nullptr;
  DeviceFloats workspace_{8192};
  DeviceFloats a_{{1, 4, 2, 5, 3, 6}}, b_{{1, 10, 100}}, c_{2};
};

/// Whether A and B are transposed.
class ProductTest : public CublasTest, public testing::WithParamInterface<std::tuple<bool, bool>> {
 protected:
  /// Multiplies matrices whose leading dimensions reach beyond them: what lies between is neither read nor written.
  void expect_double_sums(int m, int n, int k) {
    const auto [transpose_a, transpose_b] = GetParam();
    const int lda = (transpose_a ? k : m) + 1, ldb = (transpose_b ? n : k) + 2, ldc = m + 3;
    const auto count = [](int leading, int columns) { return static_cast<std::size_t>(leading * columns); };
    const std::vector<float> a = random_floats(count(lda, transpose_a ? m : k), 1),
                             b = random_floats(count(ldb, transpose_b ? k : n), 2), c = random_floats(count(ldc, n), 3);
    const DeviceFloats a_data(a), b_data(b), c_data(c);
    const float alpha = 0.5f, beta = -2;
    ASSERT_EQ(cublasGemmEx(handle_, transpose_a ? CUBLAS_OP_T : CUBLAS_OP_N, transpose_b ? CUBLAS_OP_T : CUBLAS_OP_N, m,
                           n, k, &alpha, a_data.get(), CUDA_R_32F, lda, b_data.get(), CUDA_R_32F, ldb, &beta,
                           c_data.get(), CUDA_R_32F, ldc, CUBLAS_COMPUTE_32F_PEDANTIC, CUBLAS_GEMM_DEFAULT),
              CUBLAS_STATUS_SUCCESS);
    synchronize();
    const std::vector<float> result = c_data.values();
    const auto at = [](const std::vector<float>& matrix, int leading, int row, int column) {
      return double{matrix[static_cast<std::size_t>(column * leading + row)]};
    };
    for (int j = 0; j < n; ++j)
      for (int i = 0; i < ldc; ++i) {
        double expected = at(c, ldc, i, j);
        if (i < m) {
          double sum = 0;
          for (int l = 0; l < k; ++l)
            sum += at(a, lda, transpose_a ? l : i, transpose_a ? i : l) *
                   at(b, ldb, transpose_b ? j : l, transpose_b ? l : j);
          expected = double{alpha} * sum + double{beta} * expected;
        }
        ASSERT_NEAR(at(result, ldc, i, j), expected, 1e-5) << i << ", " << j << " of " << m << " x " << n << " x " << k;
      }
  }
};

TEST_P(ProductTest, AgreesWithDoubleSums) {
  for (const int m : {1, 10, 33})
    for (const int n : {1, 7})
      for (const int k : {1, 6, 128}) expect_double_sums(m, n, k);
}

INSTANTIATE_TEST_SUITE_P(All, ProductTest, testing::Combine(testing::Bool(), testing::Bool()));

TEST_F(CublasTest, WithBetaZeroTheResultIsNotRead) {
  ASSERT_EQ(multiply(a_, b_, c_), CUBLAS_STATUS_SUCCESS);  // fresh device memory is NaN
  EXPECT_TRUE(std::isnan(c_.values()[0])) << "nothing has run yet";
  synchronize();
  EXPECT_THAT(c_.values(), ElementsAre(321, 654));
}

TEST_F(CublasTest, Tf32OnlyWhereItIsAskedFor) {
  const DeviceFloats a({1 + 0x1p-12f, 0, 0, 0, 0, 0}), b({1, 0, 0});
  const auto product = [&](cublasComputeType_t type) {
    EXPECT_EQ(multiply(a, b, c_, type), CUBLAS_STATUS_SUCCESS);
    synchronize();
    return c_.values().front();
  };
  EXPECT_EQ(product(CUBLAS_COMPUTE_32F_PEDANTIC), 1 + 0x1p-12f);
  EXPECT_EQ(product(CUBLAS_COMPUTE_32F), 1 + 0x1p-12f);
  EXPECT_EQ(product(CUBLAS_COMPUTE_32F_FAST_TF32), 1.0f);
  ASSERT_EQ(cublasSetMathMode(handle_, CUBLAS_TF32_TENSOR_OP_MATH), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(product(CUBLAS_COMPUTE_32F), 1.0f);
  EXPECT_EQ(product(CUBLAS_COMPUTE_32F_PEDANTIC), 1 + 0x1p-12f);
}

TEST_F(CublasTest, RefusesWhatDoesNotFit) {
  const auto multiply_with = [&](int m, int lda, int ldb, int ldc, cudaDataType type, cublasComputeType_t arithmetic) {
    return cublasGemmEx(handle_, CUBLAS_OP_N, CUBLAS_OP_N, m, 1, 3, &one_, a_.get(), type, lda, b_.get(), CUDA_R_32F,
                        ldb, &zero_, c_.get(), CUDA_R_32F, ldc, arithmetic, CUBLAS_GEMM_DEFAULT);
  };
  const auto pedantic = CUBLAS_COMPUTE_32F_PEDANTIC;
  EXPECT_EQ(multiply_with(-1, 2, 3, 2, CUDA_R_32F, pedantic), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(multiply_with(2, 1, 3, 2, CUDA_R_32F, pedantic), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(multiply_with(2, 2, 2, 2, CUDA_R_32F, pedantic), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(multiply_with(2, 2, 3, 1, CUDA_R_32F, pedantic), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(multiply_with(2, 2, 3, 2, CUDA_R_16F, pedantic), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(multiply_with(2, 2, 3, 2, CUDA_R_32F, CUBLAS_COMPUTE_64F), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(multiply_with(2, 2, 3, 2, CUDA_R_32F, pedantic), CUBLAS_STATUS_SUCCESS);
  synchronize();
}

TEST_F(CublasTest, TheWorkspaceIsAlignedAndLargeEnough) {
  EXPECT_EQ(cublasSetWorkspace(handle_, workspace_.get() + 1, 16384), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_THROW(set_workspace(workspace_.bytes() + 1), Misuse);
  ASSERT_EQ(set_workspace(16383), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(multiply(a_, b_, c_), CUBLAS_STATUS_ALLOC_FAILED);
  ASSERT_EQ(set_workspace(16384), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(multiply(a_, b_, c_), CUBLAS_STATUS_SUCCESS);
  EXPECT_THAT([&] { multiply(a_, b_, workspace_); }, ThrowsMessage<Misuse>(HasSubstr("workspace overlaps C")));
  synchronize();
}

TEST_F(CublasTest, ACaptureNeedsAWorkspaceThatWasSetBehindTheStream) {
  ASSERT_EQ(set_workspace(workspace_.bytes()), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(cublasSetStream(handle_, stream_), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(multiply(a_, b_, c_), CUBLAS_STATUS_SUCCESS);
  synchronize();
  const auto captured = [&] { capture([&] { EXPECT_EQ(multiply(a_, b_, c_), CUBLAS_STATUS_SUCCESS); }, 1); };
  EXPECT_THAT(captured, ThrowsMessage<Misuse>(HasSubstr("cublasSetWorkspace comes after cublasSetStream")));
  ASSERT_EQ(set_workspace(workspace_.bytes()), CUBLAS_STATUS_SUCCESS);
  EXPECT_NO_THROW(captured());
}

TEST_F(CublasTest, ACaptureTakesOnlyWhatHasRunBeforeAndNothingNew) {
  ASSERT_EQ(set_workspace(workspace_.bytes()), CUBLAS_STATUS_SUCCESS);
  EXPECT_THAT([&] { capture([&] { multiply(a_, b_, c_); }); },
              ThrowsMessage<Misuse>(HasSubstr("never before outside one")));
  EXPECT_THAT([&] { capture([&] { cublasSetStream(handle_, stream_); }); },
              ThrowsMessage<Misuse>(HasSubstr("cublasSetStream inside a capture")));
  cublasHandle_t another = nullptr;
  EXPECT_THAT([&] { capture([&] { cublasCreate(&another); }); },
              ThrowsMessage<Misuse>(HasSubstr("cublasCreate inside a capture")));
}

TEST_F(CublasTest, BranchesOfACaptureHaveAHandleAndAWorkspaceEach) {
  const Branch branch(stream_);
  EXPECT_THAT([&] { cublasSetStream(handle_, branch.stream()); },
              ThrowsMessage<Misuse>(HasSubstr("cublasSetStream: the handle belongs to another stream")));
  const DeviceFloats workspace(8192), result(2);
  const cublasHandle_t main = handle_;
  cublasHandle_t side = nullptr;
  ASSERT_EQ(cublasCreate(&side), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(cublasSetStream(side, branch.stream()), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(set_workspace(workspace_.bytes()), CUBLAS_STATUS_SUCCESS);
  const auto multiply_beside = [&] {
    handle_ = side;
    EXPECT_EQ(multiply(a_, b_, result), CUBLAS_STATUS_SUCCESS);
    handle_ = main;
  };
  const auto captured = [&] {
    capture(
        [&] {
          branch.fork();
          multiply_beside();
          EXPECT_EQ(multiply(a_, b_, c_), CUBLAS_STATUS_SUCCESS);
          branch.join();
        },
        1);
  };
  EXPECT_EQ(multiply(a_, b_, c_), CUBLAS_STATUS_SUCCESS);
  multiply_beside();
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  // The last half of the one is the first half of the other.
  ASSERT_EQ(cublasSetWorkspace(side, workspace_.get() + 4096, 16384), CUBLAS_STATUS_SUCCESS);
  EXPECT_THAT(captured, ThrowsMessage<Misuse>(HasSubstr("cublasGemmEx shares its workspace with cublasGemmEx")));
  ASSERT_EQ(cublasSetWorkspace(side, workspace.get(), workspace.bytes()), CUBLAS_STATUS_SUCCESS);
  EXPECT_NO_THROW(captured());
  EXPECT_THAT(result.values(), ElementsAre(321, 654));
  EXPECT_EQ(cublasDestroy(side), CUBLAS_STATUS_SUCCESS);
}

TEST_F(CublasTest, FailsLoudlyWhereAGpuWouldNot) {
  EXPECT_THROW(multiply(b_, b_, c_), Misuse) << "A has 6 elements";
  EXPECT_THROW(multiply(a_, b_, a_), Misuse) << "the result overlaps A";
  cublasHandle_t fresh = nullptr;
  ASSERT_EQ(cublasCreate(&fresh), CUBLAS_STATUS_SUCCESS);
  std::swap(fresh, handle_);
  EXPECT_THAT([&] { multiply(a_, b_, c_); }, ThrowsMessage<Misuse>(HasSubstr("stream was never set")));
  std::swap(fresh, handle_);
  EXPECT_EQ(cublasDestroy(fresh), CUBLAS_STATUS_SUCCESS);
}

TEST_F(CublasTest, PointersAreThoseOfThePointerMode) {
  const DeviceFloats scalars({2, 0});
  const auto multiply_by = [&](const float* alpha, const float* beta) {
    return cublasGemmEx(handle_, CUBLAS_OP_N, CUBLAS_OP_N, 2, 1, 3, alpha, a_.get(), CUDA_R_32F, 2, b_.get(),
                        CUDA_R_32F, 3, beta, c_.get(), CUDA_R_32F, 2, CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT);
  };
  EXPECT_THAT([&] { multiply_by(scalars.get(), &zero_); }, ThrowsMessage<Misuse>(HasSubstr("alpha lies in device")));
  ASSERT_EQ(cublasSetPointerMode(handle_, CUBLAS_POINTER_MODE_DEVICE), CUBLAS_STATUS_SUCCESS);
  EXPECT_THROW(multiply_by(&one_, &zero_), Misuse);
  ASSERT_EQ(multiply_by(scalars.get(), scalars.get() + 1), CUBLAS_STATUS_SUCCESS);
  synchronize();
  EXPECT_THAT(c_.values(), ElementsAre(642, 1308));
}

TEST_F(CublasTest, VersionsAndStatusesAreTheTests) {
  int major = 0, minor = 0, patch = 0, version = 0;
  set_library_control({.cublas_version = 130203});
  EXPECT_EQ(cublasGetProperty(MAJOR_VERSION, &major), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(cublasGetProperty(MINOR_VERSION, &minor), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(cublasGetProperty(PATCH_LEVEL, &patch), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(cublasGetVersion(handle_, &version), CUBLAS_STATUS_SUCCESS);
  EXPECT_THAT((std::vector{major, minor, patch, version}), ElementsAre(13, 2, 3, 130203));

  fail_call("cublasGemmEx", 1, CUBLAS_STATUS_ARCH_MISMATCH);
  EXPECT_EQ(multiply(a_, b_, c_), CUBLAS_STATUS_ARCH_MISMATCH);
  fail_call("cublasSetStream", 1, CUBLAS_STATUS_INTERNAL_ERROR);
  EXPECT_EQ(cublasSetStream(handle_, stream_), CUBLAS_STATUS_INTERNAL_ERROR);
  fail_call("cudaStreamQuery", 1, cudaErrorIllegalAddress, true);
  EXPECT_EQ(cudaStreamQuery(stream_), cudaErrorIllegalAddress);
  EXPECT_EQ(multiply(a_, b_, c_), CUBLAS_STATUS_EXECUTION_FAILED);
}

}  // namespace
}  // namespace nib::cuda_on_host
