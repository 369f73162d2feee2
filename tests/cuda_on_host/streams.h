#pragma once

#include <cuda_runtime.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "cuda_on_host/cuda_on_host.h"
#include "cuda_on_host/memory.h"
#include "cuda_on_host/stream_work.h"

namespace nib::cuda_on_host {

/// What a stream does: a kernel, a copy, a call of a library.
struct Work {
  WorkKind kind = WorkKind::kernel;
  std::string name{};
  std::function<void()> run{};
  Range host_read{}, host_write{};  ///< the pinned memory that a copy reads or writes
  Range scratch{};                  ///< the workspace of a library's call
};

/// A place in a stream that an event was recorded at.
struct Record {
  bool done = false;
  std::chrono::steady_clock::time_point time{};
  CUstream_st* stream = nullptr;  ///< as long as it is not done
};

/// A graph on its way through a stream: node by node, in any order that its dependencies allow.
struct GraphRun {
  std::shared_ptr<const std::vector<CUgraphNode_st>> nodes{};
  std::vector<bool> done{};
  std::size_t done_count = 0;
};

struct Signal {
  std::shared_ptr<Record> record{};
};
struct Wait {
  std::shared_ptr<Record> record{};
};
using Operation = std::variant<Work, Signal, Wait, GraphRun>;

/// A graph in the making.
struct Capture {
  CUstream_st* origin = nullptr;  ///< null when the capture has ended
  cudaStreamCaptureMode mode = cudaStreamCaptureModeGlobal;
  std::thread::id thread{};
  bool invalid = false;
  std::vector<CUgraphNode_st> nodes{};
  Counts counts{};

  bool active() const { return origin != nullptr; }
};

/// All streams, events and graphs, and the work that has not run. Nothing runs when it is put in: only so much as a
/// wait of the host needs, or, in half of the waits, whatever else could run at that time, too.
class Streams {
 public:
  Streams();
  ~Streams();

  CUstream_st* make_stream(bool blocking);
  CUevent_st* make_event(bool timed);
  CUgraph_st* make_graph(std::vector<CUgraphNode_st> nodes);
  CUgraphExec_st* make_executable(const CUgraph_st& graph);
  /// Throws Misuse for what is no stream; the null stream is none.
  CUstream_st& stream(cudaStream_t handle);
  CUevent_st& event(cudaEvent_t handle);
  CUgraph_st& graph(cudaGraph_t handle);
  CUgraphExec_st& executable(cudaGraphExec_t handle);
  /// The stream's work goes on.
  void forget(cudaStream_t handle);
  void forget(cudaEvent_t handle);
  void forget(cudaGraph_t handle);
  void forget(cudaGraphExec_t handle);

  void run_stream(CUstream_st& stream);
  void run_until(const Record& record);
  void run_all();
  /// What the legacy stream waits for.
  void run_blocking_streams();
  /// Nothing or a little, for those who ask again and again.
  void run_a_little();
  /// As a device does with an error that does not go away.
  void drop_all();

  /// Whether work that has not run reads the memory.
  bool reads_pending(const Range& range) const;
  template <typename Function>
  void for_each(const Function& function) {
    for (const auto& stream : streams_) function(*stream);
  }
  /// The captures that go on.
  std::vector<std::shared_ptr<Capture>> captures() const;

  /// What is neither destroyed nor forgotten.
  std::size_t live() const;
  void clear();

 private:
  static bool runnable(const CUstream_st& stream);
  std::vector<CUstream_st*> runnable_streams() const;
  void step(CUstream_st& stream);
  static void step_graph(CUstream_st& stream, GraphRun& run);
  static void run(const Work& work);
  template <typename Done>
  void run_while_not(CUstream_st* target, const Done& done);

  std::vector<std::unique_ptr<CUstream_st>> streams_;
  std::vector<std::unique_ptr<CUevent_st>> events_;
  std::vector<std::unique_ptr<CUgraph_st>> graphs_;
  std::vector<std::unique_ptr<CUgraphExec_st>> executables_;
};

}  // namespace nib::cuda_on_host

struct CUgraphNode_st {
  nib::cuda_on_host::Work work{};
  std::vector<std::size_t> after{};  ///< nodes that have to run before
};

struct CUstream_st {
  bool blocking = false, forgotten = false;
  std::deque<nib::cuda_on_host::Operation> queue{};
  std::shared_ptr<nib::cuda_on_host::Capture> capture{};
  std::vector<std::size_t> frontier{};  ///< while it is captured: the nodes that its next one comes after
};

struct CUevent_st {
  bool timed = true;
  std::shared_ptr<nib::cuda_on_host::Record> record{};
  std::shared_ptr<nib::cuda_on_host::Capture> capture{};  ///< set when it was recorded in a capture that goes on
  std::vector<std::size_t> frontier{};
};

struct CUgraph_st {
  std::shared_ptr<std::vector<CUgraphNode_st>> nodes{};
};

struct CUgraphExec_st {
  std::shared_ptr<const std::vector<CUgraphNode_st>> nodes{};
};
