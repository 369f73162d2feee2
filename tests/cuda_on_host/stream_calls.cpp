#include <algorithm>

#include "cuda_on_host/capture.h"
#include "cuda_on_host/runtime.h"

namespace nib::cuda_on_host {
namespace {

using Milliseconds = std::chrono::duration<float, std::milli>;

/// Events that a capture recorded stand for a place in its graph, never for a moment.
const std::shared_ptr<Record>& record_of(Runtime& device, cudaEvent_t handle) {
  const CUevent_st& event = device.streams.event(handle);
  if (event.capture) misuse("the host asks for an event that was recorded in a capture", cudaErrorCapturedEvent);
  return event.record;
}

void wait_in_capture(CUstream_st& stream, const CUevent_st& event) {
  if (!event.capture || !event.capture->active()) {
    stream.capture->invalid = true;
    misuse("a captured stream waits for an event from outside the capture", cudaErrorStreamCaptureIsolation);
  }
  if (event.capture != stream.capture) {
    stream.capture->invalid = true;
    misuse("a captured stream waits for an event of another capture", cudaErrorStreamCaptureMerge);
  }
  for (const std::size_t node : event.frontier)
    if (std::find(stream.frontier.begin(), stream.frontier.end(), node) == stream.frontier.end())
      stream.frontier.push_back(node);
}

}  // namespace
}  // namespace nib::cuda_on_host

using nib::cuda_on_host::api_call;
using nib::cuda_on_host::misuse;
using nib::cuda_on_host::Record;
using nib::cuda_on_host::refuse_beside_capture;
using nib::cuda_on_host::refuse_in_capture;
using nib::cuda_on_host::release_call;
using nib::cuda_on_host::Runtime;

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned flags) {
  return api_call("cudaStreamCreateWithFlags", [&](Runtime& device) {
    *stream = device.streams.make_stream((flags & cudaStreamNonBlocking) == 0);
    return cudaSuccess;
  });
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  return release_call("cudaStreamDestroy", [&](Runtime& device) {
    device.streams.forget(stream);
    return cudaSuccess;
  });
}

cudaError_t cudaStreamSynchronize(cudaStream_t handle) {
  return api_call("cudaStreamSynchronize", [&](Runtime& device) {
    CUstream_st& stream = device.streams.stream(handle);
    refuse_in_capture("cudaStreamSynchronize");
    ++device.counts.host_waits;
    device.streams.run_stream(stream);
    return cudaSuccess;
  });
}

cudaError_t cudaStreamQuery(cudaStream_t handle) {
  return api_call("cudaStreamQuery", [&](Runtime& device) {
    const CUstream_st& stream = device.streams.stream(handle);
    refuse_in_capture("cudaStreamQuery");
    if (!stream.queue.empty()) device.streams.run_a_little();
    return stream.queue.empty() ? cudaSuccess : cudaErrorNotReady;
  });
}

cudaError_t cudaStreamWaitEvent(cudaStream_t handle, cudaEvent_t event_handle, unsigned) {
  return api_call("cudaStreamWaitEvent", [&](Runtime& device) {
    CUstream_st& stream = device.streams.stream(handle);
    const CUevent_st& event = device.streams.event(event_handle);
    if (stream.capture) {
      if (stream.capture->invalid) return cudaErrorStreamCaptureInvalidated;
      nib::cuda_on_host::wait_in_capture(stream, event);
    } else if (event.capture) {
      if (!event.capture->active())
        misuse("a stream waits for an event of a capture that has ended", cudaErrorCapturedEvent);
      stream.capture = event.capture;
      stream.frontier = event.frontier;
    } else {
      refuse_beside_capture(stream);
      if (event.record) stream.queue.emplace_back(nib::cuda_on_host::Wait{event.record});
    }
    return cudaSuccess;
  });
}

cudaError_t cudaEventCreate(cudaEvent_t* event) { return cudaEventCreateWithFlags(event, cudaEventDefault); }

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned flags) {
  return api_call("cudaEventCreateWithFlags", [&](Runtime& device) {
    *event = device.streams.make_event((flags & cudaEventDisableTiming) == 0);
    return cudaSuccess;
  });
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
  return release_call("cudaEventDestroy", [&](Runtime& device) {
    device.streams.forget(event);
    return cudaSuccess;
  });
}

cudaError_t cudaEventRecord(cudaEvent_t event_handle, cudaStream_t handle) {
  return api_call("cudaEventRecord", [&](Runtime& device) {
    CUevent_st& event = device.streams.event(event_handle);
    CUstream_st& stream = device.streams.stream(handle);
    refuse_beside_capture(stream);
    if (stream.capture && stream.capture->invalid) return cudaErrorStreamCaptureInvalidated;
    event.capture = stream.capture;
    event.frontier = stream.frontier;
    event.record.reset();
    if (!stream.capture) {
      event.record = std::make_shared<Record>();
      event.record->stream = &stream;
      stream.queue.emplace_back(nib::cuda_on_host::Signal{event.record});
    }
    return cudaSuccess;
  });
}

cudaError_t cudaEventQuery(cudaEvent_t event) {
  return api_call("cudaEventQuery", [&](Runtime& device) {
    const std::shared_ptr<Record> record = nib::cuda_on_host::record_of(device, event);
    refuse_in_capture("cudaEventQuery");
    if (record && !record->done) device.streams.run_a_little();
    return !record || record->done ? cudaSuccess : cudaErrorNotReady;
  });
}

cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  return api_call("cudaEventSynchronize", [&](Runtime& device) {
    const std::shared_ptr<Record> record = nib::cuda_on_host::record_of(device, event);
    refuse_in_capture("cudaEventSynchronize");
    ++device.counts.host_waits;
    if (record) device.streams.run_until(*record);
    return cudaSuccess;
  });
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start, cudaEvent_t end) {
  return api_call("cudaEventElapsedTime", [&](Runtime& device) {
    const std::shared_ptr<Record> first = nib::cuda_on_host::record_of(device, start);
    const std::shared_ptr<Record> last = nib::cuda_on_host::record_of(device, end);
    const bool timed = device.streams.event(start).timed && device.streams.event(end).timed;
    if (!timed || !first || !last) return cudaErrorInvalidResourceHandle;
    if (!first->done || !last->done) return cudaErrorNotReady;
    *milliseconds = nib::cuda_on_host::Milliseconds(last->time - first->time).count();
    return cudaSuccess;
  });
}

cudaError_t cudaDeviceSynchronize() {
  return api_call("cudaDeviceSynchronize", [](Runtime& device) {
    refuse_in_capture("cudaDeviceSynchronize");
    ++device.counts.host_waits;
    device.streams.run_all();
    return cudaSuccess;
  });
}
