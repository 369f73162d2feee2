#pragma once

#include <span>
#include <string>
#include <vector>

#include "formats/file_tensor.h"
#include "formats/tensor_layouts.h"
#include "nib/network.h"

namespace nib {

/// Which tensor of a file is which of a network's, and how all of them are laid out.
struct TensorPlaces {
  std::vector<const FileTensor*> tensors;  ///< those of parameter_specs(network), in its order; into what was searched
  const TensorLayout* layout = nullptr;
};

/// Finds a network's tensors. Their names end in weight, kernel or w, and in bias or b; what stands before that,
/// without what all begin with ("module."), names a layer: in nib's way (conv1), by the module's number in a
/// torch.nn.Sequential (0, 3, 7), or as Keras does (conv2d_1). Layers with other names are told by their shapes, and
/// those of one shape by the numbers in their names (Dense_0, Dense_1). arr_0, arr_1 ... are weights and biases in
/// turn. `format` is what the file's metadata say of its writer ("pt", "mlx"), for shapes that fit several layouts.
///
/// All shapes of the result are those of its layout. Throws Error (bad input) naming the tensor.
TensorPlaces find_tensors(std::span<const FileTensor> tensors, const Network& network,
                          std::span<const TensorLayout> layouts, const std::string& format, const std::string& source);

/// "[32,1,3,3]"
std::string shape_text(std::span<const std::uint32_t> shape);

}  // namespace nib
