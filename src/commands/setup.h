#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/streams.h"
#include "data/catalogue.h"
#include "formats/weights.h"
#include "inference/device_choice.h"
#include "nib/engine.h"
#include "nib/network.h"

namespace nib {

/// --network as WeightsOptions want it: nullopt when the option was not given.
std::optional<Network> requested_network(const std::string& option);

/// Loads a data set, checks that `network` can take its images and classes (an unnamed set may have fewer), and passes
/// its warnings on. Throws Error (bad input) naming both sides.
DataCollection load_data_for(const Network& network, const std::string& data, DataParts parts, Streams& streams);

/// What "auto" means where a command only evaluates: the CPU for few images, which it has tested before a GPU is ready.
/// Other names stay as they are.
std::string device_for_evaluation(const std::string& device, std::size_t images, Streams& streams);

/// Makes the engine, and tells what the choice came down to where that may surprise.
std::unique_ptr<Engine> make_engine_for(const Network& network, const DeviceChoice& choice, std::uint32_t batch,
                                        std::uint64_t seed, Streams& streams);

/// Throws Error (usage) when a step would take more images than there are to train on.
void check_batch(std::uint32_t batch, const Dataset& training);

/// The state of a network before its first step.
TrainingState fresh_state(const Network& network, const Parameters& parameters);

/// The end of a command that a signal asked to stop: one line on standard error, `what_is_left` in it, and the exit
/// code.
int end_after_signal(const std::string& what_is_left, Streams& streams);

}  // namespace nib
