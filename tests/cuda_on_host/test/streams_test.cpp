#include <cmath>
#include <thread>

#include "cuda_on_host/test/runtime_fixture.h"

namespace nib::cuda_on_host {
namespace {

using kernels::launch;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

__global__ void set(float* out, float value) { *out = value; }
__global__ void copy_number(float* out, const float* in) { *out = *in; }

using StreamsOnHost = RuntimeTest;

TEST_F(StreamsOnHost, ACopyReadsItsPinnedSourceWhenItRuns) {
  const Stream stream;
  const PinnedFloats source(2);
  const DeviceFloats target(2);
  source[0] = source[1] = 1;
  cudaMemcpyAsync(target.data(), source.data(), source.bytes(), cudaMemcpyHostToDevice, stream);
  source[1] = 2;  // too early
  stream.wait();
  EXPECT_THAT(target.values(), ElementsAre(1, 2));
}

TEST_F(StreamsOnHost, ACopyReadsItsPageableSourceAtOnce) {
  const Stream stream;
  std::vector<float> source{1, 2};
  const DeviceFloats target(2);
  cudaMemcpyAsync(target.data(), source.data(), target.bytes(), cudaMemcpyHostToDevice, stream);
  source.assign(2, 9.0f);
  EXPECT_TRUE(std::isnan(target[0])) << "the copy itself comes later";
  EXPECT_THAT(target.values(), ElementsAre(1, 2));
  EXPECT_EQ(counts().copies, 1u);
}

TEST_F(StreamsOnHost, ACopyPoisonsItsPinnedTargetUntilItRuns) {
  const Stream stream;
  const PinnedFloats target(1);
  const DeviceFloats source(1);
  target[0] = 5;
  launch(set, 1, 1, stream, source.data(), 7.0f);
  cudaMemcpyAsync(target.data(), source.data(), source.bytes(), cudaMemcpyDeviceToHost, stream);
  EXPECT_TRUE(std::isnan(target[0]));
  stream.wait();
  EXPECT_EQ(target[0], 7);
}

TEST_F(StreamsOnHost, WhatAnEarlierCopyReadsIsNotPoisoned) {
  const Stream stream;
  const PinnedFloats host(1);
  const DeviceFloats device(1);
  host[0] = 5;
  cudaMemcpyAsync(device.data(), host.data(), host.bytes(), cudaMemcpyHostToDevice, stream);
  cudaMemcpyAsync(host.data(), device.data(), host.bytes(), cudaMemcpyDeviceToHost, stream);
  stream.wait();
  EXPECT_EQ(host[0], 5);
}

TEST_F(StreamsOnHost, ACopyToPageableMemoryWaits) {
  const Stream stream;
  const DeviceFloats source(1);
  float target = 0;
  launch(set, 1, 1, stream, source.data(), 7.0f);
  cudaMemcpyAsync(&target, source.data(), sizeof target, cudaMemcpyDefault, stream);
  EXPECT_EQ(target, 7);
  EXPECT_EQ(counts().host_waits, 1u);
}

TEST_F(StreamsOnHost, SynchronousCopiesDoNotWaitForStreamsOfTheirOwn) {
  const Stream apart;
  const DeviceFloats numbers(2);
  launch(set, 1, 1, apart, numbers.data(), 7.0f);
  cudaStream_t blocking = nullptr;
  cudaStreamCreateWithFlags(&blocking, cudaStreamDefault);
  launch(set, 1, 1, blocking, numbers.data() + 1, 8.0f);
  float seen[2] = {};
  EXPECT_EQ(cudaMemcpy(seen, numbers.data(), sizeof seen, cudaMemcpyDeviceToHost), cudaSuccess);
  EXPECT_TRUE(std::isnan(seen[0]));
  EXPECT_EQ(seen[1], 8);
  cudaStreamDestroy(blocking);
}

bool consumed_in_order(bool with_wait) {
  const Stream producer, consumer;
  const DeviceFloats number(1), seen(1);
  const Event produced;
  launch(set, 1, 1, producer, number.data(), 3.0f);
  cudaEventRecord(produced, producer);
  if (with_wait) cudaStreamWaitEvent(consumer, produced);
  launch(copy_number, 1, 1, consumer, seen.data(), number.data());
  consumer.wait();
  return seen[0] == 3;
}

TEST_F(StreamsOnHost, StreamsWaitForEventsAndAMissingWaitShows) {
  EXPECT_EQ(seeds_that_agree([] { return consumed_in_order(true); }), 40);
  EXPECT_LT(seeds_that_agree([] { return consumed_in_order(false); }), 30);
}

/// The second number may go to the same place only when the first has been read.
bool kept_until_read(bool with_wait) {
  const Stream copies, kernels;
  const PinnedFloats source(2);
  const DeviceFloats place(1), seen(1);
  const Event filled, read;
  source[0] = 1;
  source[1] = 2;
  cudaMemcpyAsync(place.data(), &source[0], sizeof(float), cudaMemcpyHostToDevice, copies);
  cudaEventRecord(filled, copies);
  cudaStreamWaitEvent(kernels, filled);
  launch(copy_number, 1, 1, kernels, seen.data(), place.data());
  cudaEventRecord(read, kernels);
  if (with_wait) cudaStreamWaitEvent(copies, read);
  cudaMemcpyAsync(place.data(), &source[1], sizeof(float), cudaMemcpyHostToDevice, copies);
  kernels.wait();
  return seen[0] == 1;
}

TEST_F(StreamsOnHost, AMissingWaitForAReaderShows) {
  EXPECT_EQ(seeds_that_agree([] { return kept_until_read(true); }), 40);
  EXPECT_LT(seeds_that_agree([] { return kept_until_read(false); }), 38);
}

TEST_F(StreamsOnHost, AnEventStandsForItsLastRecord) {
  const Stream stream;
  const DeviceFloats number(1);
  const Event event;
  EXPECT_EQ(cudaEventQuery(event), cudaSuccess) << "before any record";
  launch(set, 1, 1, stream, number.data(), 1.0f);
  cudaEventRecord(event, stream);
  launch(set, 1, 1, stream, number.data(), 2.0f);
  cudaEventSynchronize(event);
  EXPECT_EQ(number[0], 1);
  cudaEventRecord(event, stream);
  cudaEventSynchronize(event);
  EXPECT_EQ(number[0], 2);
}

TEST_F(StreamsOnHost, AskingAgainAndAgainComesToAnEnd) {
  const Stream stream;
  const DeviceFloats number(1);
  const Event event;
  for (int i = 1; i <= 500; ++i) launch(set, 1, 1, stream, number.data(), static_cast<float>(i));
  cudaEventRecord(event, stream);
  unsigned not_ready = 0;
  while (cudaEventQuery(event) == cudaErrorNotReady) ++not_ready;
  EXPECT_GT(not_ready, 2u);
  EXPECT_EQ(number[0], 500);
  EXPECT_EQ(cudaStreamQuery(stream), cudaSuccess);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  EXPECT_EQ(counts().host_waits, 0u);
}

TEST_F(StreamsOnHost, TimesBetweenEvents) {
  const Stream stream;
  cudaEvent_t begin = nullptr, end = nullptr;
  cudaEventCreate(&begin);
  cudaEventCreate(&end);
  float milliseconds = -1;
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, begin, end), cudaErrorInvalidResourceHandle);
  cudaEventRecord(begin, stream);
  cudaEventRecord(end, stream);
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, begin, end), cudaErrorNotReady);
  stream.wait();
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, begin, end), cudaSuccess);
  EXPECT_GE(milliseconds, 0);
  const Event untimed;
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, begin, untimed), cudaErrorInvalidResourceHandle);
  cudaEventDestroy(begin);
  cudaEventDestroy(end);
}

TEST_F(StreamsOnHost, ADestroyedStreamEndsItsWork) {
  const DeviceFloats number(1);
  {
    const Stream stream;
    launch(set, 1, 1, stream, number.data(), 4.0f);
  }
  EXPECT_TRUE(std::isnan(number[0]));
  EXPECT_THAT(number.values(), Each(4));
}

TEST_F(StreamsOnHost, HostThreadsShareTheDevice) {
  const DeviceFloats numbers(4);
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      const Stream stream;
      for (int k = 0; k < 20; ++k) launch(set, 1, 1, stream, numbers.data() + i, static_cast<float>(k));
      stream.wait();
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(numbers.values(), Each(19));
}

TEST_F(StreamsOnHost, CountsWorkByKind) {
  const Stream stream;
  const DeviceFloats numbers(4);
  const PinnedFloats host(4);
  launch(set, 1, 1, stream, numbers.data(), 1.0f);
  launch(set, 1, 1, stream, numbers.data(), 2.0f);
  cudaMemsetAsync(numbers.data(), 0, 4, stream);
  cudaMemcpyAsync(host.data(), numbers.data(), host.bytes(), cudaMemcpyDeviceToHost, stream);
  enqueue(stream, WorkKind::library, "a product", [out = numbers.data()] { out[3] = 6; });
  stream.wait();
  EXPECT_EQ(host[0], 0);
  EXPECT_EQ(numbers[3], 6);
  const Counts seen = counts();
  EXPECT_THAT((std::vector{seen.kernels, seen.copies, seen.memsets, seen.library_calls, seen.host_waits}),
              ElementsAre(2, 1, 1, 1, 1));
}

TEST_F(StreamsOnHost, RefusesStreamsThatAreNone) {
  const PinnedFloats host(1);
  const DeviceFloats device(1);
  const auto copy_in = [&](cudaStream_t stream) {
    return [&, stream] { cudaMemcpyAsync(device.data(), host.data(), 4, cudaMemcpyHostToDevice, stream); };
  };
  EXPECT_THAT(copy_in(nullptr), ThrowsMessage<Misuse>(HasSubstr("an unset stream")));
  cudaStream_t gone = nullptr;
  cudaStreamCreateWithFlags(&gone, cudaStreamNonBlocking);
  cudaStreamDestroy(gone);
  EXPECT_THAT(copy_in(gone), ThrowsMessage<Misuse>(HasSubstr("a stream that does not exist")));
  EXPECT_THROW(cudaStreamSynchronize(nullptr), Misuse);
  EXPECT_THROW(cudaEventRecord(nullptr, nullptr), Misuse);
}

}  // namespace
}  // namespace nib::cuda_on_host
