#include "engines/mnist.h"

#include <cstdlib>

#include "data/catalogue.h"
#include "tests/places.h"

namespace nib {

std::filesystem::path bundled_data() {
  const char* const moved = std::getenv("NIB_DATA_SOURCE");  // where the tests run elsewhere than they were built
  return moved ? moved : NIB_DATA_SOURCE;
}

const Mnist& mnist() {
  static const Mnist set = [] {
    DataCollection collection = load_data((bundled_data() / "mnist").string());
    return Mnist{std::make_shared<const Dataset>(std::move(collection.training)),
                 std::make_shared<const Dataset>(std::move(collection.test))};
  }();
  return set;
}

}  // namespace nib
