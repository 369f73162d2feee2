#include "engines/cuda/images.h"

namespace nib::cuda {
namespace {

class ResidentFeed : public Feed {
 public:
  explicit ResidentFeed(const kernels::BatchSource& source) : source_(source) {}
  kernels::BatchSource source() const override { return source_; }
  void begin_chunk(std::uint64_t) override {}
  void end_chunk(std::uint64_t) override {}

 private:
  kernels::BatchSource source_;
};

class ResidentImages : public Images {
 public:
  ResidentImages(const Context& context, const Dataset& dataset)
      : context_(context), size_(dataset.size()), labelled_(!dataset.labels.empty()) {
    pixels_.ensure(dataset.pixels.size(), "the images");
    labels_.ensure(dataset.labels.size(), "the labels");
    copy(pixels_.get(), dataset.pixels.data(), dataset.pixels.size());
    if (labelled_) copy(labels_.get(), dataset.labels.data(), dataset.labels.size());
    context_.synchronize();
  }

  std::unique_ptr<Feed> feed(std::span<const std::uint32_t> order, std::uint64_t count, std::uint32_t) override {
    order_.ensure(order.size(), "the order of the images");
    if (!order.empty()) copy(order_.get(), order.data(), order.size_bytes());
    return std::make_unique<ResidentFeed>(kernels::BatchSource{.pixels = pixels_.get(),
                                                               .labels = labelled_ ? labels_.get() : nullptr,
                                                               .order = order.empty() ? nullptr : order_.get(),
                                                               .wrap = size_,
                                                               .count = count});
  }

 private:
  void copy(void* to, const void* from, std::size_t bytes) const {
    NIB_CHECK_CUDA(cudaMemcpyAsync(to, from, bytes, cudaMemcpyHostToDevice, context_.stream()));
  }

  const Context& context_;
  std::uint64_t size_;
  bool labelled_;
  DeviceArray<std::uint8_t> pixels_, labels_;
  DeviceArray<std::uint32_t> order_;
};

}  // namespace

std::unique_ptr<Images> make_resident_images(const Context& context, const Dataset& dataset) {
  return std::make_unique<ResidentImages>(context, dataset);
}

}  // namespace nib::cuda
