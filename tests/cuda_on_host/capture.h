#pragma once

#include "cuda_on_host/streams.h"

namespace nib::cuda_on_host {

/// Puts work into the stream, or into the graph that captures it. Poisons the pinned memory that a copy will write,
/// where nothing that lies in a stream reads it first.
cudaError_t submit(cudaStream_t stream, Work work);

/// Throws Misuse, and spoils the capture, when this call may not be made during a capture that goes on: one that this
/// host thread makes, or one in the global mode. Real CUDA allows some of them in its relaxed mode; nib needs none.
void refuse_in_capture(const char* call, cudaError_t code = cudaErrorStreamCaptureUnsupported);

/// The same for work put into a stream that takes no part in a capture of this host thread.
void refuse_beside_capture(const CUstream_st& stream);

/// Poisons what copies of this work will write to; see submit().
void poison_host_writes(const Work& work);

}  // namespace nib::cuda_on_host
