#include "cuda_on_host/library_control.h"

#include <mutex>

#include "cuda_on_host/cuda_on_host.h"
#include "cuda_on_host/library_handle.h"

namespace nib::cuda_on_host {
namespace {

struct State {
  std::mutex mutex;
  LibraryControl control;
  unsigned nondeterministic_runs = 0, workspace_queries = 0;
};

State& state() {
  static State instance;
  return instance;
}

}  // namespace

void set_library_control(const LibraryControl& control) {
  const std::lock_guard lock(state().mutex);
  state().control = control;
  state().nondeterministic_runs = state().workspace_queries = 0;
}

LibraryControl library_control() {
  const std::lock_guard lock(state().mutex);
  return state().control;
}

unsigned nondeterministic_runs() {
  const std::lock_guard lock(state().mutex);
  return state().nondeterministic_runs;
}

unsigned workspace_queries() {
  const std::lock_guard lock(state().mutex);
  return state().workspace_queries;
}

void count_workspace_query() {
  const std::lock_guard lock(state().mutex);
  ++state().workspace_queries;
}

Random nondeterministic_run() {
  const std::lock_guard lock(state().mutex);
  return Random(seed() + 0x9e3779b97f4a7c15u * ++state().nondeterministic_runs);
}

}  // namespace nib::cuda_on_host
