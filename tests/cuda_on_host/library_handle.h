#pragma once

#include <cuda_runtime.h>

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>

#include "cuda_on_host/random.h"

/// What the stand-ins of cuDNN and cuBLAS share.
namespace nib::cuda_on_host {

/// Device memory that a call reads or writes.
struct Operand {
  const void* pointer = nullptr;
  std::size_t bytes = 0;
  const char* name = "";
};

/// Throws Misuse unless each operand lies in one live allocation of device memory and `output` overlaps no input.
void check_operands(const std::string& call, const Operand& output, std::initializer_list<Operand> inputs);

/// Throws Misuse while anything is captured: `call` allocates memory.
void forbid_in_capture(const std::string& call);

/// Throws Misuse if the number lies in device memory, which the host cannot read on a GPU.
void require_host(const void* number, const std::string& what);

/// The stream of a library's handle, and the rules about it that a GPU enforces late or not at all.
class LibraryHandle {
 public:
  /// Throws Misuse while anything is captured, and when the handle has another stream already: it keeps scratch memory
  /// of its own, which two streams must not share. Libraries allow it where the streams wait for each other; nib never
  /// needs it.
  void set_stream(const std::string& call, cudaStream_t stream);

  /// Puts a call's work into the stream. Throws Misuse when no stream was set; inside a capture also when no call of
  /// the same name and shapes has run outside one before, as its kernels would be loaded then, which ends the capture,
  /// and when a call in a branch beside this one has the same workspace.
  void submit(const std::string& call, const std::string& shapes, const Operand& workspace, std::function<void()> work);

  bool captures() const;

 private:
  std::optional<cudaStream_t> stream_;
  std::set<std::string> warm_;
};

/// Fills a workspace with NaN, so that what overlaps it shows.
void spoil_workspace(void* workspace, std::size_t bytes);

void count_workspace_query();

/// Counts a run of an algorithm that has no fixed order of summation; the generator draws its order.
Random nondeterministic_run();

}  // namespace nib::cuda_on_host
