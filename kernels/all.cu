// All kernels as one source for nvcc, which reads CUDA's and the standard library's headers anew for each GPU target of
// each source: one source takes a quarter of the time of many. The tests on the stand-ins compile them one by one.

#include "kernels/activation.cu"
#include "kernels/confusion.cu"
#include "kernels/dropout.cu"
#include "kernels/first_convolution.cu"
#include "kernels/gather.cu"
#include "kernels/gradients.cu"
#include "kernels/image_maps.cu"
#include "kernels/padding.cu"
#include "kernels/pooling.cu"
#include "kernels/softmax_loss.cu"
#include "kernels/tail.cu"
#include "kernels/update.cu"
