#include "cuda_on_host/capture.h"

#include <algorithm>
#include <cstring>
#include <exception>

#include "cuda_on_host/runtime.h"

namespace nib::cuda_on_host {
namespace {

[[noreturn]] void spoil(Capture& capture, const std::string& text, cudaError_t code) {
  capture.invalid = true;
  misuse(text, code);
}

void count(Counts& counts, WorkKind kind) {
  switch (kind) {
    case WorkKind::kernel:
      ++counts.kernels;
      break;
    case WorkKind::copy:
      ++counts.copies;
      break;
    case WorkKind::memset:
      ++counts.memsets;
      break;
    case WorkKind::library:
      ++counts.library_calls;
      break;
  }
}

/// Of each node, whether it comes before what the stream does next. What does not may run at the same time: no later
/// node changes that.
std::vector<bool> nodes_before(const Capture& capture, const CUstream_st& stream) {
  std::vector<bool> before(capture.nodes.size());
  for (const std::size_t node : stream.frontier) before[node] = true;
  for (std::size_t node = capture.nodes.size(); node-- > 0;)
    if (before[node])
      for (const std::size_t earlier : capture.nodes[node].after) before[earlier] = true;
  return before;
}

bool all_joined(const Capture& capture, const CUstream_st& stream) {
  const std::vector<bool> before = nodes_before(capture, stream);
  return std::all_of(before.begin(), before.end(), [](bool reached) { return reached; });
}

/// Throws Misuse when the work's scratch memory is that of a branch beside it: on a GPU both would write there at once.
void refuse_shared_scratch(Capture& capture, const CUstream_st& stream, const Work& work) {
  if (work.scratch.bytes == 0) return;
  const std::vector<bool> before = nodes_before(capture, stream);
  for (std::size_t node = 0; node < capture.nodes.size(); ++node) {
    const Work& other = capture.nodes[node].work;
    if (before[node] || !other.scratch.overlaps(work.scratch)) continue;
    capture.invalid = true;
    misuse(work.name + " shares its workspace with " + other.name + ", which the graph may run at the same time");
  }
}

/// Misuse; but an owner that gives its capture up because of another error may end it as it is, and gets CUDA's code.
cudaError_t refuse_unless_given_up(const char* text, cudaError_t code) {
  if (std::uncaught_exceptions() == 0) misuse(text, code);
  return code;
}

void leave_capture(const std::shared_ptr<Capture>& capture, CUstream_st& stream) {
  if (stream.capture != capture) return;
  stream.capture.reset();
  stream.frontier.clear();
}

}  // namespace

void refuse_in_capture(const char* call, cudaError_t code) {
  for (const std::shared_ptr<Capture>& capture : runtime().streams.captures()) {
    const bool concerns_all = capture->mode == cudaStreamCaptureModeGlobal;
    if (!capture->invalid && (concerns_all || capture->thread == std::this_thread::get_id()))
      spoil(*capture, std::string(call) + " during a capture", code);
  }
}

void refuse_beside_capture(const CUstream_st& stream) {
  if (stream.capture) return;
  for (const std::shared_ptr<Capture>& capture : runtime().streams.captures())
    if (!capture->invalid && capture->thread == std::this_thread::get_id())
      spoil(*capture, "work is put into a stream that takes no part in the capture", cudaErrorStreamCaptureIsolation);
}

void poison_host_writes(const Work& work) {
  if (work.host_write.bytes != 0 && !runtime().streams.reads_pending(work.host_write))
    std::memset(const_cast<std::byte*>(work.host_write.begin), 0xff, work.host_write.bytes);
}

cudaError_t submit(cudaStream_t handle, Work work) {
  Runtime& device = runtime();
  CUstream_st& stream = device.streams.stream(handle);
  refuse_beside_capture(stream);
  if (!stream.capture) {
    count(device.counts, work.kind);
    poison_host_writes(work);
    stream.queue.emplace_back(std::move(work));
    return cudaSuccess;
  }
  Capture& capture = *stream.capture;
  if (capture.invalid) return cudaErrorStreamCaptureInvalidated;
  refuse_shared_scratch(capture, stream, work);
  count(device.counts, work.kind);
  count(capture.counts, work.kind);
  if (&stream != capture.origin) ++capture.counts.branch_nodes;
  capture.nodes.push_back({.work = std::move(work), .after = stream.frontier});
  stream.frontier = {capture.nodes.size() - 1};
  return cudaSuccess;
}

void enqueue(cudaStream_t stream, WorkKind kind, std::string name, std::function<void()> run, Range scratch) {
  Runtime& device = runtime();
  const std::lock_guard lock(device.mutex);
  if (device.sticky_error != cudaSuccess) return;
  submit(stream, {.kind = kind, .name = std::move(name), .run = std::move(run), .scratch = scratch});
}

bool capturing(cudaStream_t stream) {
  Runtime& device = runtime();
  const std::lock_guard lock(device.mutex);
  return stream ? device.streams.stream(stream).capture != nullptr : !device.streams.captures().empty();
}

}  // namespace nib::cuda_on_host

using nib::cuda_on_host::api_call;
using nib::cuda_on_host::Capture;
using nib::cuda_on_host::misuse;
using nib::cuda_on_host::Runtime;

cudaError_t cudaStreamBeginCapture(cudaStream_t handle, cudaStreamCaptureMode mode) {
  return api_call("cudaStreamBeginCapture", [&](Runtime& device) {
    CUstream_st& stream = device.streams.stream(handle);
    if (stream.capture) misuse("a capture begins in a stream that is captured already", cudaErrorIllegalState);
    stream.capture = std::make_shared<Capture>();
    stream.capture->origin = &stream;
    stream.capture->mode = mode;
    stream.capture->thread = std::this_thread::get_id();
    return cudaSuccess;
  });
}

cudaError_t cudaStreamEndCapture(cudaStream_t handle, cudaGraph_t* graph) {
  return api_call("cudaStreamEndCapture", [&](Runtime& device) {
    *graph = nullptr;
    CUstream_st& stream = device.streams.stream(handle);
    const std::shared_ptr<Capture> capture = stream.capture;
    if (!capture)
      return nib::cuda_on_host::refuse_unless_given_up("a capture ends that has not begun", cudaErrorIllegalState);
    if (capture->origin != &stream)
      nib::cuda_on_host::spoil(*capture, "a capture ends in another stream than it began in",
                               cudaErrorStreamCaptureUnmatched);
    if (capture->mode != cudaStreamCaptureModeRelaxed && capture->thread != std::this_thread::get_id())
      nib::cuda_on_host::spoil(*capture, "a capture ends on another host thread than it began on",
                               cudaErrorStreamCaptureWrongThread);
    const bool joined = nib::cuda_on_host::all_joined(*capture, stream);
    capture->origin = nullptr;
    device.streams.for_each([&](CUstream_st& each) { nib::cuda_on_host::leave_capture(capture, each); });
    if (capture->invalid) return cudaErrorStreamCaptureInvalidated;
    if (!joined)
      return nib::cuda_on_host::refuse_unless_given_up("a capture ends without waiting for another stream's part of it",
                                                       cudaErrorStreamCaptureUnjoined);
    device.last_graph = capture->counts;
    *graph = device.streams.make_graph(std::move(capture->nodes));
    return cudaSuccess;
  });
}

cudaError_t cudaStreamIsCapturing(cudaStream_t handle, cudaStreamCaptureStatus* status) {
  return api_call("cudaStreamIsCapturing", [&](Runtime& device) {
    const CUstream_st& stream = device.streams.stream(handle);
    *status = !stream.capture           ? cudaStreamCaptureStatusNone
              : stream.capture->invalid ? cudaStreamCaptureStatusInvalidated
                                        : cudaStreamCaptureStatusActive;
    return cudaSuccess;
  });
}
