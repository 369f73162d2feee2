#include "inference/weights_data.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace nib {

std::string data_for_weights(const std::string& option, const WeightsFile& file) {
  if (!option.empty()) return option;
  if (file.data.empty()) return "mnist";
  if (file.data != "unknown") return file.data;
  throw usage_error({.setting = "data",
                     .problem = "missing",
                     .hint = "the weights were trained on a set that has no name: give its folder"});
}

void warn_about_mixed_data(const WeightsFile& file, const DataCollection& source, Streams& streams) {
  if (!file.data.empty() && file.data != source.name)
    streams.warn(fmt::format("the weights were trained on {}, the data are {}", printable(file.data), source.title));
  if (!file.class_names.empty() && file.class_names != source.test.class_names)
    streams.warn("the classes of the data have other names than those the weights were trained for");
}

}  // namespace nib
