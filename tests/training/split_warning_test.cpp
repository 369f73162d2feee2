#include "training/split_warning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nib {
namespace {

using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Optional;

Split split_of(std::vector<std::uint8_t> training, std::vector<std::uint8_t> validation) {
  const auto dataset = [](std::vector<std::uint8_t> labels) {
    Dataset set{.rows = 1, .columns = 1, .class_names = {}, .pixels = {}, .labels = std::move(labels)};
    for (int label = 0; label < 10; ++label) set.class_names.push_back("class " + std::to_string(label));
    set.pixels.resize(set.labels.size());
    return std::make_shared<const Dataset>(std::move(set));
  };
  return {.training = dataset(std::move(training)),
          .validation = validation.empty() ? nullptr : dataset(std::move(validation))};
}

TEST(SplitWarning, NamesTheClassesThatAreNotTrained) {
  const auto warning = warning_of_split(split_of({0, 0, 1, 1, 2}, {2, 3, 9, 3}));
  ASSERT_TRUE(warning);
  EXPECT_THAT(*warning, HasSubstr("the validation part, 4 images, has classes that the training part lacks: "
                                  "class 3 and class 9; "));
}

TEST(SplitWarning, NamesAFewOfMany) {
  EXPECT_THAT(warning_of_split(split_of({0}, {1, 2, 3, 4, 5, 6, 7})),
              Optional(HasSubstr("class 1, class 2, class 3, class 4, class 5 and 2 more; ")));
}

TEST(SplitWarning, IsNoneWhereAllAreTrained) {
  EXPECT_THAT(warning_of_split(split_of({0, 1, 2}, {1, 1})), Eq(std::nullopt));
  EXPECT_THAT(warning_of_split(split_of({0, 1, 2}, {})), Eq(std::nullopt));
}

}  // namespace
}  // namespace nib
