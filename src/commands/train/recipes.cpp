#include "commands/train/recipes.h"

namespace nib {

std::vector<Recipe> training_recipes() {
  return {// What Keras's notebook does: the default values themselves.
          {.name = "keras", .values = {}},
          // 99 % of the test images in the least time.
          {.name = "fast",
           .values = {{"epochs", "2"},
                      {"batch", "96"},
                      {"learning-rate", "0.006"},
                      {"schedule", "one-cycle"},
                      {"warmup-epochs", "0.4"}}},
          // The highest accuracy within 30 epochs.
          {.name = "best",
           .values = {{"epochs", "30"},
                      {"batch", "128"},
                      {"learning-rate", "0.004"},
                      {"schedule", "one-cycle"},
                      {"augment", "shift=2,rotate=12,scale=0.12"},
                      {"label-smoothing", "0.1"}}}};
}

}  // namespace nib
