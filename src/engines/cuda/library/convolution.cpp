#include "engines/cuda/library/convolution.h"

#include <algorithm>

namespace nib::cuda {

ConvolutionCalls::ConvolutionCalls(const Context& context, const ConvolutionShape& shape, Use use,
                                   const std::string& name)
    : forward_(context, context.main(), shape, ConvolutionPass::Kind::forward, name + " forward") {
  if (use == Use::evaluation) return;
  const bool beside = use == Use::training;
  backward_weights_.emplace(context, beside ? context.side() : context.main(), shape,
                            ConvolutionPass::Kind::backward_weights, name + " backward (weights)");
  if (beside)
    backward_input_.emplace(context, context.main(), shape, ConvolutionPass::Kind::backward_input,
                            name + " backward (input)");
}

PerLane<std::size_t> ConvolutionCalls::workspace_bytes() const {
  PerLane<std::size_t> bytes{.main = forward_.workspace_bytes()};
  const std::size_t weights = backward_weights_ ? backward_weights_->workspace_bytes() : 0;
  if (!backward_input_) return {.main = std::max(bytes.main, weights)};
  return {.main = std::max(bytes.main, backward_input_->workspace_bytes()), .side = weights};
}

void ConvolutionCalls::choose_algorithms(const Scratch& scratch, const PerLane<void*>& workspaces) {
  forward_.choose({scratch.input, scratch.weights, scratch.output}, workspaces.main);
  if (backward_weights_)
    backward_weights_->choose({scratch.input, scratch.output, scratch.weights_gradient},
                              backward_input_ ? workspaces.side : workspaces.main);
  if (backward_input_)
    backward_input_->choose({scratch.weights, scratch.output, scratch.input_gradient}, workspaces.main);
}

LibraryChoices ConvolutionCalls::choices() const {
  LibraryChoices all;
  const auto add = [&](const ConvolutionPass& pass) {
    if (const std::string unusual = pass.unusual(); !unusual.empty()) all.unusual.push_back(unusual);
    if (!pass.repeatable()) all.not_repeatable.push_back(pass.name());
  };
  add(forward_);
  if (backward_weights_) add(*backward_weights_);
  if (backward_input_) add(*backward_input_);
  return all;
}

}  // namespace nib::cuda
