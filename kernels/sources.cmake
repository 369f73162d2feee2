# The device code. It compiles twice: with nvcc into the CUDA module, and as plain C++ against stand-ins for the tests.
set(NIB_KERNEL_SOURCES activation.cu confusion.cu dropout.cu first_convolution.cu gather.cu gradients.cu image_maps.cu
    padding.cu pooling.cu softmax_loss.cu tail.cu update.cu)
set(NIB_KERNEL_HOST_SOURCES check.cpp)
