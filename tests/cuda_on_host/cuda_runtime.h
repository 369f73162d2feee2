#pragma once

#include <functional>
#include <string>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include "cuda_on_host/cuda_api.h"
#include "cuda_on_host/device_code.h"

/// Stands before CUDA's own header of this name on the include path of host builds: so kernels and engine compile with
/// a plain C++ compiler and run on the host, without an #ifdef. See cuda_on_host.h.

namespace nib::cuda_on_host {

/// Puts a kernel into the configuration's stream; `thread` is what one of its threads does. `pointers` are the
/// arguments that are pointers: each must point into device or pinned memory, or be null.
cudaError_t submit_kernel(const cudaLaunchConfig_t& configuration, const std::type_info& kernel,
                          std::function<void()> thread, const std::vector<const void*>& pointers);

template <typename... Parameters>
std::vector<const void*> pointers_among(const Parameters&... parameters) {
  std::vector<const void*> pointers;
  [[maybe_unused]] const auto add = [&]<typename Parameter>(const Parameter& parameter) {
    if constexpr (std::is_pointer_v<Parameter>) pointers.push_back(parameter);
  };
  (add(parameters), ...);
  return pointers;
}

}  // namespace nib::cuda_on_host

template <typename... Parameters, typename... Arguments>
cudaError_t cudaLaunchKernelEx(const cudaLaunchConfig_t* configuration, void (*kernel)(Parameters...),
                               Arguments&&... arguments) {
  // The kernel's own copies, made at the call as CUDA makes them, and copied again for each of its threads.
  const std::tuple<Parameters...> values(std::forward<Arguments>(arguments)...);
  return nib::cuda_on_host::submit_kernel(
      *configuration, typeid(void(Parameters...)), [kernel, values] { std::apply(kernel, values); },
      std::apply([](const auto&... value) { return nib::cuda_on_host::pointers_among(value...); }, values));
}
