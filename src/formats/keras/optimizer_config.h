#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "encodings/json.h"
#include "encodings/json_reader.h"
#include "nib/optimizer.h"

namespace nib::keras {

/// A moment of nib's as Keras keeps it: a variable for each parameter.
struct OptimizerVariable {
  std::size_t moment;  ///< its place among moment_names()
  std::string suffix;  ///< behind the parameter's name
};

/// Keras's variables behind iteration and learning rate: group by group, of each parameter in turn those of the group.
std::vector<std::vector<OptimizerVariable>> optimizer_variables(const Optimizer& optimizer);

/// "adam": which Keras puts before the names of these variables.
std::string optimizer_prefix(const Optimizer& optimizer);

/// Class and settings of Keras's optimizer that goes on as nib's does. There is none for one with weight decay: Keras's
/// takes biases as well.
Json optimizer_config(const Optimizer& optimizer, double learning_rate);

/// What optimizer_config() wrote, or Keras. Throws Error (bad input) with the path of what nib has not.
Optimizer read_optimizer(const JsonReader& config);

}  // namespace nib::keras
