#include "cuda_on_host/library_handle.h"

#include <cstring>
#include <utility>

#include "cuda_on_host/runtime.h"
#include "cuda_on_host/stream_work.h"

namespace nib::cuda_on_host {

void check_operands(const std::string& call, const Operand& output, std::initializer_list<Operand> inputs) {
  const auto end = [](const Operand& operand) { return static_cast<const char*>(operand.pointer) + operand.bytes; };
  require_device(output.pointer, output.bytes, (call + ": " + output.name).c_str());
  for (const Operand& input : inputs) {
    require_device(input.pointer, input.bytes, (call + ": " + input.name).c_str());
    if (input.pointer < end(output) && output.pointer < end(input))
      misuse(call + ": " + output.name + " overlaps " + input.name);
  }
}

void forbid_in_capture(const std::string& call) {
  Runtime& device = runtime();
  const std::lock_guard lock(device.mutex);
  if (!device.streams.captures().empty()) misuse(call + " inside a capture");
}

void require_host(const void* number, const std::string& what) {
  Runtime& device = runtime();
  const std::lock_guard lock(device.mutex);
  if (device.memory.holds(MemoryKind::device, {static_cast<const std::byte*>(number), 1}))
    misuse(what + " lies in device memory, but is read on the host");
}

void LibraryHandle::set_stream(const std::string& call, cudaStream_t stream) {
  forbid_in_capture(call);
  if (stream_ && *stream_ != stream) misuse(call + ": the handle belongs to another stream");
  stream_ = stream;
}

bool LibraryHandle::captures() const { return stream_ && capturing(*stream_); }

void LibraryHandle::submit(const std::string& call, const std::string& shapes, const Operand& workspace,
                           std::function<void()> work) {
  if (!stream_) misuse(call + ": the handle's stream was never set");
  if (captures()) {
    if (!warm_.contains(call + shapes))
      misuse(call + " inside a capture, but never before outside one with these shapes: " + shapes);
  } else {
    warm_.insert(call + shapes);
  }
  enqueue(*stream_, WorkKind::library, call, std::move(work),
          {static_cast<const std::byte*>(workspace.pointer), workspace.bytes});
}

void spoil_workspace(void* workspace, std::size_t bytes) {
  if (bytes > 0) std::memset(workspace, 0xff, bytes);  // 0xffffffff is a NaN
}

}  // namespace nib::cuda_on_host
