// A stand-in for the other parts of cuDNN, of which nothing is called here. Like them, it needs libcudnn_graph.so.

#include <cstddef>

extern "C" std::size_t cudnnGetVersion();

extern "C" std::size_t fake_cudnn_part() { return cudnnGetVersion(); }
