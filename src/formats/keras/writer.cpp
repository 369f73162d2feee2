#include <deque>
#include <string_view>
#include <utility>
#include <variant>

#include "base/error.h"
#include "encodings/zip.h"
#include "formats/keras/files.h"
#include "formats/keras/keras.h"
#include "formats/keras/network_config.h"
#include "formats/keras/optimizer_config.h"
#include "formats/keras/training_state.h"
#include "formats/tensor_layouts.h"

namespace nib {
namespace {

constexpr const char* layout_version = "3.15.1";  ///< the version of Keras whose files these are

/// Collects what becomes an HDF5 file, in Keras's layout.
class Collector {
 public:
  explicit Collector(const WeightsFile& model)
      : network_(model.network),
        names_(keras_layer_names(model.network)),
        specs_(parameter_specs(model.network)),
        mover_(model.network, keras_layout(), FlattenOrder::channels_last),
        parameters_(model.parameters),
        training_(model.training) {
    plan_.attributes = keras::metadata_attributes(model);
  }

  /// As Keras 3 writes .weights.h5.
  Hdf5Plan weights() {
    plan_.groups = {"/vars"};
    for (const std::string& name : names_) plan_.groups.push_back("/layers/" + name + "/vars");
    for (std::size_t index = 0; index < specs_.size(); ++index)
      add("/layers/" + names_[specs_[index].layer] + "/vars/" + (is_kernel(index) ? '0' : '1'), index, parameters_);
    if (training_) {
      plan_.scalars.push_back({"/optimizer/vars/0", static_cast<std::int64_t>(training_->step)});
      add_learning_rate("/optimizer/vars/1");
      std::size_t number = 2;
      for_each_variable([&](std::size_t index, const keras::OptimizerVariable& each) {
        add("/optimizer/vars/" + std::to_string(number++), index, training_->moments[each.moment].values);
      });
    }
    return std::move(plan_);
  }

  /// As Keras 3 writes .h5.
  Hdf5Plan legacy() {
    const Json config = keras::model_config(network_, training_ ? training_->optimizer.l2 : 0);
    plan_.attributes.push_back({"/", "backend", {"tensorflow"}});
    plan_.attributes.push_back({"/", "keras_version", {layout_version}});
    plan_.attributes.push_back({"/", "model_config", {json_line(config)}});
    plan_.lists.push_back({"/model_weights", "layer_names", names_});
    for (std::size_t layer = 0; layer < names_.size(); ++layer) add_legacy_layer(layer);
    if (training_) add_legacy_training();
    return std::move(plan_);
  }

 private:
  bool is_kernel(std::size_t index) const { return specs_[index].shape.size() > 1; }
  const char* legacy_name(std::size_t index) const { return is_kernel(index) ? "kernel" : "bias"; }

  /// Calls `visit(parameter, variable)` in Keras's order.
  template <typename Visit>
  void for_each_variable(const Visit& visit) const {
    for (const auto& group : keras::optimizer_variables(training_->optimizer))
      for (std::size_t index = 0; index < specs_.size(); ++index)
        for (const keras::OptimizerVariable& each : group) visit(index, each);
  }

  void add(std::string path, std::size_t index, const Parameters& numbers) {
    values_.push_back(mover_.from_canonical(specs_[index], numbers.tensors[index].values));
    plan_.arrays.push_back({std::move(path), shape_in(keras_layout(), specs_[index].shape), values_.back()});
  }

  void add_learning_rate(std::string path) {
    values_.push_back({static_cast<float>(training_->learning_rate)});
    plan_.arrays.push_back({std::move(path), {}, values_.back()});
  }

  void add_legacy_layer(std::size_t layer) {
    const std::string group = "/model_weights/" + names_[layer];
    std::vector<std::string> arrays;
    for (std::size_t index = 0; index < specs_.size(); ++index) {
      if (specs_[index].layer != layer) continue;
      arrays.push_back("sequential/" + names_[layer] + '/' + legacy_name(index));
      add(group + '/' + arrays.back(), index, parameters_);
    }
    plan_.groups.push_back(group);
    plan_.lists.push_back({group, "weight_names", std::move(arrays)});
  }

  void add_legacy_training() {
    Json compiled = keras::compile_config(*training_);
    compiled["optimizer_config"] = {{"class_name", compiled["optimizer"]["class_name"]},
                                    {"config", compiled["optimizer"]["config"]}};
    compiled.erase("optimizer");
    plan_.attributes.push_back({"/", "training_config", {json_line(compiled)}});
    const std::string group = "/optimizer_weights";
    const std::string prefix = keras::optimizer_prefix(training_->optimizer);
    std::vector<std::string> arrays{prefix + "/iteration", prefix + "/learning_rate"};
    plan_.scalars.push_back({group + '/' + arrays[0], static_cast<std::int64_t>(training_->step)});
    add_learning_rate(group + '/' + arrays[1]);
    for_each_variable([&](std::size_t index, const keras::OptimizerVariable& each) {
      arrays.push_back(prefix + "/sequential_" + names_[specs_[index].layer] + '_' + legacy_name(index) + '_' +
                       each.suffix);
      add(group + '/' + arrays.back(), index, training_->moments[each.moment].values);
    });
    plan_.lists.push_back({group, "weight_names", std::move(arrays)});
  }

  const Network& network_;
  std::vector<std::string> names_;
  std::vector<ParameterSpec> specs_;
  LayoutMover mover_;
  const Parameters& parameters_;
  const std::optional<OptimizerState>& training_;
  Hdf5Plan plan_;
  std::deque<std::vector<float>> values_;  ///< that the plan's arrays show to
};

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

std::vector<std::uint8_t> keras_bytes(KerasKind kind, const WeightsFile& model, const std::string& source) {
  if (!all_finite(model.parameters))
    throw numeric_error({.file = source, .problem = "holds a number that is not finite"});
  Collector collector(model);
  if (kind == KerasKind::legacy) return hdf5_bytes(collector.legacy(), source);
  const std::vector<std::uint8_t> weights = hdf5_bytes(collector.weights(), source);
  if (kind == KerasKind::weights) return weights;
  Json config = keras::model_config(model.network, model.training ? model.training->optimizer.l2 : 0);
  if (model.training) config["compile_config"] = keras::compile_config(*model.training);
  const std::string config_text = json_line(config);
  const std::string metadata = json_line(Json{{"keras_version", layout_version}});
  const std::vector<ZipContent> files{{keras::metadata_entry, bytes_of(metadata)},
                                      {keras::config_entry, bytes_of(config_text)},
                                      {keras::weights_entry, weights}};
  return zip_bytes(files, source);
}

}  // namespace nib
