// What Streams owns, and how it is found by its handle.
#include <algorithm>

#include "cuda_on_host/runtime.h"

namespace nib::cuda_on_host {
namespace {

template <typename Object>
Object& find(const std::vector<std::unique_ptr<Object>>& objects, Object* handle, const char* name) {
  for (const auto& object : objects)
    if (object.get() == handle) return *object;
  misuse(std::string(name) + " that does not exist, or was destroyed", cudaErrorInvalidResourceHandle);
}

template <typename Object>
void erase(std::vector<std::unique_ptr<Object>>& objects, const Object& target) {
  std::erase_if(objects, [&](const auto& object) { return object.get() == &target; });
}

}  // namespace

Streams::Streams() = default;
Streams::~Streams() = default;

CUstream_st* Streams::make_stream(bool blocking) {
  streams_.push_back(std::make_unique<CUstream_st>());
  streams_.back()->blocking = blocking;
  return streams_.back().get();
}

CUevent_st* Streams::make_event(bool timed) {
  events_.push_back(std::make_unique<CUevent_st>());
  events_.back()->timed = timed;
  return events_.back().get();
}

CUgraph_st* Streams::make_graph(std::vector<CUgraphNode_st> nodes) {
  graphs_.push_back(std::make_unique<CUgraph_st>());
  graphs_.back()->nodes = std::make_shared<std::vector<CUgraphNode_st>>(std::move(nodes));
  return graphs_.back().get();
}

CUgraphExec_st* Streams::make_executable(const CUgraph_st& graph) {
  executables_.push_back(std::make_unique<CUgraphExec_st>());
  executables_.back()->nodes = graph.nodes;
  return executables_.back().get();
}

CUstream_st& Streams::stream(cudaStream_t handle) {
  if (!handle) misuse("an unset stream: nib never uses the null stream", cudaErrorInvalidResourceHandle);
  CUstream_st& stream = find(streams_, handle, "a stream");
  if (stream.forgotten) misuse("a stream that was destroyed", cudaErrorInvalidResourceHandle);
  return stream;
}

CUevent_st& Streams::event(cudaEvent_t handle) { return find(events_, handle, "an event"); }
CUgraph_st& Streams::graph(cudaGraph_t handle) { return find(graphs_, handle, "a graph"); }
CUgraphExec_st& Streams::executable(cudaGraphExec_t handle) {
  return find(executables_, handle, "an executable graph");
}

void Streams::forget(cudaStream_t handle) {
  CUstream_st& target = stream(handle);
  if (target.capture && !target.capture->invalid)
    misuse("a stream is destroyed while it is captured", cudaErrorStreamCaptureUnsupported);
  target.forgotten = true;
  std::erase_if(streams_, [](const auto& stream) { return stream->forgotten && stream->queue.empty(); });
}

void Streams::forget(cudaEvent_t handle) { erase(events_, event(handle)); }
void Streams::forget(cudaGraph_t handle) { erase(graphs_, graph(handle)); }
void Streams::forget(cudaGraphExec_t handle) { erase(executables_, executable(handle)); }

std::vector<std::shared_ptr<Capture>> Streams::captures() const {
  std::vector<std::shared_ptr<Capture>> captures;
  for (const auto& stream : streams_)
    if (stream->capture && std::find(captures.begin(), captures.end(), stream->capture) == captures.end())
      captures.push_back(stream->capture);
  return captures;
}

std::size_t Streams::live() const {
  const auto known = [](const auto& stream) { return !stream->forgotten; };
  const auto streams = std::count_if(streams_.begin(), streams_.end(), known);
  return static_cast<std::size_t>(streams) + events_.size() + graphs_.size() + executables_.size();
}

void Streams::clear() {
  streams_.clear();
  events_.clear();
  graphs_.clear();
  executables_.clear();
}

}  // namespace nib::cuda_on_host
