#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <functional>
#include <string>

#include "cuda_on_host/memory.h"

/// What the stand-ins of cuDNN and cuBLAS need of the stand-in runtime.
namespace nib::cuda_on_host {

enum class WorkKind { kernel, copy, memset, library };

/// Puts `run` behind the stream's other work, or into the graph that the stream captures; `run` must hold copies of all
/// that it needs, as it runs late and perhaps often. Throws Misuse for the null stream, a stream that does not exist,
/// and a stream outside a capture that this thread makes; in a capture also when `scratch`, memory that the work uses
/// for itself, is that of other work which the graph may run at the same time. Does nothing once a sticky error is
/// there.
void enqueue(cudaStream_t stream, WorkKind kind, std::string name, std::function<void()> run, Range scratch = {});

/// Throws Misuse unless all `bytes` lie in one live allocation of device memory; `what` names them in the message.
void require_device(const void* pointer, std::size_t bytes, const char* what);

/// Whether the stream is being captured.
bool capturing(cudaStream_t stream);

/// The code that a test wants this call to fail with (see fail_call() in cuda_on_host.h), or that of a sticky error;
/// else 0. A stand-in asks once at the beginning of each call of its library.
int injected_failure(const char* call);

/// Throws Misuse with the text, behind which it puts the seed.
[[noreturn]] void misuse(const std::string& text);

}  // namespace nib::cuda_on_host
