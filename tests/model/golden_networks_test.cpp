#include <gtest/gtest.h>

#include <filesystem>

#include "model/network_json.h"
#include "tests/places.h"

namespace nib {
namespace {

/// The networks that every engine is held against; here: that they load and say what their names promise.
Network golden(const std::string& name) {
  return load_network(std::string(NIB_GOLDEN) + "/networks/" + name + ".json");
}

TEST(GoldenNetworks, AreNine) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(NIB_GOLDEN "/networks")) {
    EXPECT_NO_THROW(load_network(entry.path().string())) << entry.path();
    ++files;
  }
  EXPECT_EQ(files, 9U);
}

TEST(GoldenNetworks, DigitsIsTheBuiltInNetwork) { EXPECT_EQ(golden("digits"), digits_network()); }

TEST(GoldenNetworks, TakeGreyImages) {
  for (const char* name :
       {"digits", "same_padding", "strided", "mlp", "dropout", "odd_sizes", "lone_pool", "deep", "other_pools"})
    EXPECT_EQ(golden(name).input.channels, 1U) << name;
}

TEST(GoldenNetworks, SurviveBeingWrittenAndReadAgain) {
  for (const auto& entry : std::filesystem::directory_iterator(NIB_GOLDEN "/networks")) {
    const Network network = load_network(entry.path().string());
    EXPECT_EQ(parse_network(network_json(network), "again"), network) << entry.path();
  }
}

}  // namespace
}  // namespace nib
