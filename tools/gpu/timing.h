// How gpu_micro checks and times.
#pragma once

#include <cuda_runtime.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

namespace micro {

using Clock = std::chrono::steady_clock;

constexpr int no_device = 5;
constexpr int repetitions = 200;

inline void check(cudaError_t status, const char* call) {
  if (status == cudaSuccess) return;
  std::fprintf(stderr, "gpu_micro: %s: %s (%s)\n", call, cudaGetErrorString(status), cudaGetErrorName(status));
  const bool nothing_there = status == cudaErrorNoDevice || status == cudaErrorInsufficientDriver;
  std::exit(nothing_there ? no_device : 1);
}

#define CHECK(call) check((call), #call)

inline double microseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

/// The value that `fraction` of the sorted numbers lie below.
inline double quantile(const std::vector<double>& sorted, double fraction) {
  const double place = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

struct Spread {
  double median = 0, p10 = 0, p90 = 0;
};

inline Spread spread(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  return {.median = quantile(numbers, 0.5), .p10 = quantile(numbers, 0.1), .p90 = quantile(numbers, 0.9)};
}

inline std::string json(const Spread& values) {
  char text[128];
  std::snprintf(text, sizeof text, R"({"median": %.4f, "p10": %.4f, "p90": %.4f})", values.median, values.p10,
                values.p90);
  return text;
}

/// Times what runs between two marks of a stream.
class StreamTimer {
 public:
  explicit StreamTimer(cudaStream_t stream) : stream_(stream) {
    CHECK(cudaEventCreate(&begin_));
    CHECK(cudaEventCreate(&end_));
  }
  ~StreamTimer() {
    cudaEventDestroy(begin_);
    cudaEventDestroy(end_);
  }
  StreamTimer(const StreamTimer&) = delete;
  StreamTimer& operator=(const StreamTimer&) = delete;

  double microseconds(const std::function<void()>& work) {
    CHECK(cudaEventRecord(begin_, stream_));
    work();
    CHECK(cudaEventRecord(end_, stream_));
    CHECK(cudaEventSynchronize(end_));
    float milliseconds = 0;
    CHECK(cudaEventElapsedTime(&milliseconds, begin_, end_));
    return 1e3 * static_cast<double>(milliseconds);
  }

  /// The spread over many repetitions, behind some that warm up.
  Spread repeated(const std::function<void()>& work) {
    constexpr int warm_up = 10;
    for (int i = 0; i < warm_up; ++i) microseconds(work);
    std::vector<double> times(repetitions);
    for (double& time : times) time = microseconds(work);
    return spread(std::move(times));
  }

 private:
  cudaStream_t stream_;
  cudaEvent_t begin_ = nullptr, end_ = nullptr;
};

}  // namespace micro
