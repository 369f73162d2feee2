#include "engines/cuda/library/graph.h"

namespace nib::cuda {
namespace {

NodeCounts count_nodes(cudaGraph_t graph) {
  std::size_t count = 0;
  NIB_CHECK_CUDA(cudaGraphGetNodes(graph, nullptr, &count));
  std::vector<cudaGraphNode_t> nodes(count);
  NIB_CHECK_CUDA(cudaGraphGetNodes(graph, nodes.data(), &count));
  NodeCounts counts;
  for (const cudaGraphNode_t node : nodes) {
    cudaGraphNodeType type{};
    NIB_CHECK_CUDA(cudaGraphNodeGetType(node, &type));
    ++(type == cudaGraphNodeTypeKernel   ? counts.kernels
       : type == cudaGraphNodeTypeMemcpy ? counts.copies
       : type == cudaGraphNodeTypeMemset ? counts.memsets
                                         : counts.others);
  }
  return counts;
}

}  // namespace

CapturedWork::Capture::Capture(cudaStream_t stream) : stream_(stream) {
  NIB_CHECK_CUDA(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
}

CapturedWork::Capture::~Capture() {
  if (ended_) return;
  cudaGraph_t unfinished = nullptr;
  static_cast<void>(cudaStreamEndCapture(stream_, &unfinished));
  const Graph owner(unfinished);
}

Graph CapturedWork::Capture::end() {
  cudaGraph_t graph = nullptr;
  NIB_CHECK_CUDA(cudaStreamEndCapture(stream_, &graph));
  ended_ = true;
  return Graph(graph);
}

void CapturedWork::finish(Graph graph, cudaStream_t stream) {
  nodes_ = count_nodes(graph.get());
  cudaGraphExec_t executable = nullptr;
  NIB_CHECK_CUDA(cudaGraphInstantiate(&executable, graph.get(), 0));
  executable_ = GraphExecutable(executable);
  NIB_CHECK_CUDA(cudaGraphUpload(executable, stream));
}

}  // namespace nib::cuda
