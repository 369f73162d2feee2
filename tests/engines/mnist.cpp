#include "engines/mnist.h"

#include "data/catalogue.h"

namespace nib {

const Mnist& mnist() {
  static const Mnist set = [] {
    DataCollection collection = load_data(NIB_DATA_SOURCE "/mnist");
    return Mnist{std::make_shared<const Dataset>(std::move(collection.training)),
                 std::make_shared<const Dataset>(std::move(collection.test))};
  }();
  return set;
}

}  // namespace nib
