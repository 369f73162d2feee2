#include "engines/cuda/library/matrix_product.h"

namespace nib::cuda {
namespace {

/// An operand as cuBLAS sees it: column-major, so a row-major matrix is its transpose.
struct Operand {
  cublasOperation_t operation;
  const float* numbers;
  int leading_dimension;
};

/// A product (height, width), column-major, of sums of `depth` terms.
struct ProductShape {
  int height, width, depth;
};

void multiply(const Context& context, const Lane& lane, float* result, ProductShape shape, Operand left,
              Operand right) {
  const float one = 1, zero = 0;
  const cublasComputeType_t arithmetic =
      context.precision() == Precision::tf32 ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F_PEDANTIC;
  NIB_CHECK_CUBLAS(cublasGemmEx(lane.cublas.get(), left.operation, right.operation, shape.height, shape.width,
                                shape.depth, &one, left.numbers, CUDA_R_32F, left.leading_dimension, right.numbers,
                                CUDA_R_32F, right.leading_dimension, &zero, result, CUDA_R_32F, shape.height,
                                arithmetic, CUBLAS_GEMM_DEFAULT));
}

}  // namespace

DenseProducts::DenseProducts(const Context& context, std::uint32_t rows, std::uint32_t inputs, std::uint32_t units)
    : context_(&context), rows_(whole(rows)), inputs_(whole(inputs)), units_(whole(units)) {}

void DenseProducts::forward(float* output, const float* input, const float* weights) const {
  multiply(*context_, context_->main(), output, {units_, rows_, inputs_}, {CUBLAS_OP_T, weights, inputs_},
           {CUBLAS_OP_N, input, inputs_});
}

void DenseProducts::backward_weights(const Lane& lane, float* weights_gradient, const float* input,
                                     const float* output_gradient) const {
  multiply(*context_, lane, weights_gradient, {inputs_, units_, rows_}, {CUBLAS_OP_N, input, inputs_},
           {CUBLAS_OP_T, output_gradient, units_});
}

void DenseProducts::backward_input(float* input_gradient, const float* output_gradient, const float* weights) const {
  multiply(*context_, context_->main(), input_gradient, {inputs_, rows_, units_}, {CUBLAS_OP_N, weights, inputs_},
           {CUBLAS_OP_N, output_gradient, units_});
}

}  // namespace nib::cuda
