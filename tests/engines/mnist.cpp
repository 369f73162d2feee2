#include "engines/mnist.h"

#include <cstdlib>
#include <string>

#include "data/catalogue.h"

namespace nib {

const Mnist& mnist() {
  static const Mnist set = [] {
    const char* const moved = std::getenv("NIB_DATA_SOURCE");  // where the tests run elsewhere than they were built
    DataCollection collection = load_data(std::string(moved ? moved : NIB_DATA_SOURCE) + "/mnist");
    return Mnist{std::make_shared<const Dataset>(std::move(collection.training)),
                 std::make_shared<const Dataset>(std::move(collection.test))};
  }();
  return set;
}

}  // namespace nib
