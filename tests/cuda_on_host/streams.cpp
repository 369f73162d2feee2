#include "cuda_on_host/streams.h"

#include <algorithm>

#include "cuda_on_host/runtime.h"

namespace nib::cuda_on_host {

bool Streams::runnable(const CUstream_st& stream) {
  if (stream.queue.empty()) return false;
  const auto* const wait = std::get_if<Wait>(&stream.queue.front());
  return !wait || wait->record->done;
}

std::vector<CUstream_st*> Streams::runnable_streams() const {
  std::vector<CUstream_st*> streams;
  for (const auto& stream : streams_)
    if (runnable(*stream)) streams.push_back(stream.get());
  return streams;
}

void Streams::run(const Work& work) {
  work.run();
  runtime().memory.check_red_zones(work.name);
}

void Streams::step_graph(CUstream_st& stream, GraphRun& run_state) {
  const std::vector<CUgraphNode_st>& nodes = *run_state.nodes;
  std::vector<std::size_t> ready;
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    const auto has_run = [&](std::size_t before) { return run_state.done[before]; };
    if (!run_state.done[node] && std::all_of(nodes[node].after.begin(), nodes[node].after.end(), has_run))
      ready.push_back(node);
  }
  if (!ready.empty()) {
    const std::size_t choice = ready[runtime().random.below(ready.size())];
    run_state.done[choice] = true;
    ++run_state.done_count;
    run(nodes[choice].work);
  }
  if (run_state.done_count == nodes.size()) stream.queue.pop_front();
}

void Streams::step(CUstream_st& stream) {
  Operation& front = stream.queue.front();
  try {
    if (auto* const graph = std::get_if<GraphRun>(&front)) {
      step_graph(stream, *graph);
      return;
    }
    if (const auto* const work = std::get_if<Work>(&front)) run(*work);
    if (const auto* const signal = std::get_if<Signal>(&front))
      *signal->record = {.done = true, .time = std::chrono::steady_clock::now(), .stream = nullptr};
    stream.queue.pop_front();
  } catch (...) {
    drop_all();
    runtime().sticky_error = cudaErrorLaunchFailure;
    throw;
  }
}

template <typename Done>
void Streams::run_while_not(CUstream_st* target, const Done& done) {
  Runtime& device = runtime();
  const bool just_what_is_needed = device.random.coin();
  while (!done()) {
    CUstream_st* next = target;
    // What is waited for was put in before the wait, so this comes to an end.
    while (!runnable(*next)) next = std::get<Wait>(next->queue.front()).record->stream;
    if (!just_what_is_needed) {
      const std::vector<CUstream_st*> choices = runnable_streams();
      next = choices[device.random.below(choices.size())];
    }
    step(*next);
  }
}

void Streams::run_stream(CUstream_st& stream) {
  run_while_not(&stream, [&] { return stream.queue.empty(); });
}

void Streams::run_until(const Record& record) {
  if (!record.done) run_while_not(record.stream, [&] { return record.done; });
}

void Streams::run_all() {
  for (std::size_t i = 0; i < streams_.size(); ++i) run_stream(*streams_[i]);
  std::erase_if(streams_, [](const auto& stream) { return stream->forgotten; });
}

void Streams::run_blocking_streams() {
  for (std::size_t i = 0; i < streams_.size(); ++i)
    if (streams_[i]->blocking) run_stream(*streams_[i]);
}

void Streams::run_a_little() {
  Runtime& device = runtime();
  if (device.random.coin()) return;
  for (std::size_t steps = 1 + device.random.below(64); steps != 0; --steps) {
    const std::vector<CUstream_st*> choices = runnable_streams();
    if (choices.empty()) return;
    step(*choices[device.random.below(choices.size())]);
  }
}

void Streams::drop_all() {
  for (const auto& stream : streams_) {
    for (const Operation& operation : stream->queue)
      if (const auto* const signal = std::get_if<Signal>(&operation)) signal->record->done = true;
    stream->queue.clear();
  }
}

bool Streams::reads_pending(const Range& range) const {
  const auto reads = [&](const Work& work) { return work.host_read.overlaps(range); };
  for (const auto& stream : streams_)
    for (const Operation& operation : stream->queue) {
      if (const auto* const work = std::get_if<Work>(&operation); work && reads(*work)) return true;
      const auto* const graph = std::get_if<GraphRun>(&operation);
      if (graph && std::any_of(graph->nodes->begin(), graph->nodes->end(),
                               [&](const CUgraphNode_st& node) { return reads(node.work); }))
        return true;
    }
  return false;
}

}  // namespace nib::cuda_on_host
