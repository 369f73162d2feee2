#include "cuda_on_host/capture.h"
#include "cuda_on_host/runtime.h"

using nib::cuda_on_host::api_call;
using nib::cuda_on_host::misuse;
using nib::cuda_on_host::release_call;
using nib::cuda_on_host::Runtime;

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, unsigned long long) {
  return api_call("cudaGraphInstantiate", [&](Runtime& device) {
    *executable = device.streams.make_executable(device.streams.graph(graph));
    return cudaSuccess;
  });
}

cudaError_t cudaGraphUpload(cudaGraphExec_t executable, cudaStream_t stream) {
  return api_call("cudaGraphUpload", [&](Runtime& device) {
    device.streams.executable(executable);
    nib::cuda_on_host::refuse_beside_capture(device.streams.stream(stream));
    return cudaSuccess;
  });
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t handle) {
  return api_call("cudaGraphLaunch", [&](Runtime& device) {
    const auto nodes = device.streams.executable(executable).nodes;
    CUstream_st& stream = device.streams.stream(handle);
    nib::cuda_on_host::refuse_beside_capture(stream);
    if (stream.capture) misuse("a graph is launched into a capture, which nib does not need");
    ++device.counts.graph_launches;
    stream.queue.emplace_back(nib::cuda_on_host::GraphRun{.nodes = nodes, .done = std::vector<bool>(nodes->size())});
    for (const CUgraphNode_st& node : *nodes) nib::cuda_on_host::poison_host_writes(node.work);
    return cudaSuccess;
  });
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  return release_call("cudaGraphDestroy", [&](Runtime& device) {
    device.streams.forget(graph);
    return cudaSuccess;
  });
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable) {
  return release_call("cudaGraphExecDestroy", [&](Runtime& device) {
    device.streams.forget(executable);
    return cudaSuccess;
  });
}

cudaError_t cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t* nodes, std::size_t* count) {
  return api_call("cudaGraphGetNodes", [&](Runtime& device) {
    std::vector<CUgraphNode_st>& all = *device.streams.graph(graph).nodes;
    if (nodes)
      for (std::size_t i = 0; i < *count; ++i) nodes[i] = i < all.size() ? &all[i] : nullptr;
    if (!nodes || *count > all.size()) *count = all.size();
    return cudaSuccess;
  });
}

cudaError_t cudaGraphNodeGetType(cudaGraphNode_t node, cudaGraphNodeType* type) {
  return api_call("cudaGraphNodeGetType", [&](Runtime&) {
    using nib::cuda_on_host::WorkKind;
    const WorkKind kind = node->work.kind;
    *type = kind == WorkKind::copy     ? cudaGraphNodeTypeMemcpy
            : kind == WorkKind::memset ? cudaGraphNodeTypeMemset
                                       : cudaGraphNodeTypeKernel;
    return cudaSuccess;
  });
}
