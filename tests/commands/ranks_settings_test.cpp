// Whatever is trained, by whichever rule: ranks end in the weights of one process. A sample here, each case once on one
// of the MPI libraries; tools/mishaps tries all of them with many numbers of ranks and each instruction set.

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/mishap_figures.h"
#include "commands/launched.h"
#include "tests/places.h"

namespace nib {
namespace {

struct Case {
  std::string name;
  std::vector<std::string> options;
};

class RanksWith : public UnderMpi {
 protected:
  /// The golden networks, each on a set of its size; a batch leaves some ranks a row more, or none.
  std::vector<Case> networks() const {
    std::vector<Case> cases;
    for (const auto& entry : std::filesystem::directory_iterator(NIB_GOLDEN "/networks")) {
      const std::string name = entry.path().stem().string();
      const auto network = nlohmann::json::parse(contents(entry.path()));
      const auto& input = network["input"];
      const std::string set = "set-" + name;
      write_set(folder / set, input[0], input[1], small_training_images, small_test_images,
                network["layers"].back()["units"]);
      cases.push_back({name, {"--data", set, "--network", entry.path().string(), "--batch", "37"}});
    }
    std::ranges::sort(cases, {}, &Case::name);
    return cases;
  }

  std::vector<Case> rules() const {
    make_file(folder / "dropout.json", dropout_network);
    std::vector<Case> cases;
    for (const char* const optimizer : {"adam", "adamw", "amsgrad", "sgd", "momentum", "nesterov", "rmsprop"})
      cases.push_back({optimizer, {"--optimizer", optimizer}});
    cases.push_back({"clip-norm", {"--clip-norm", "0.5"}});
    cases.push_back({"augment", {"--augment", "shift=2,rotate=10,scale=0.1"}});
    cases.push_back({"penalties", {"--l2", "0.001", "--label-smoothing", "0.1", "--ema", "0.9"}});
    cases.push_back({"schedule", {"--schedule", "one-cycle", "--weight-decay", "0.01"}});
    for (Case& each : cases) each.options.insert(each.options.end(), {"--data", "set", "--network", "dropout.json"});
    return cases;
  }

  void expect_bits_of_one_process(const std::vector<Case>& cases) {
    const bool all = test::figures_file() != nullptr;
    const bool is_first = GetParam() == "openmpi";
    std::size_t trainings = 0;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      if (!all && (i % 2 == 0) != is_first) continue;
      const auto arguments = [&](const std::string& out) {
        std::vector<std::string> words = small_training(cases[i].options);
        words.erase(words.begin() + 1, words.begin() + 3);  // its set
        words.insert(words.end(), {"--out", out, "--force"});
        return words;
      };
      ASSERT_EQ(nib(arguments("alone"), folder.path()).code, 0) << cases[i].name;
      const std::vector<unsigned> numbers =
          all ? std::vector{1u, 2u, 3u, 4u, 5u, 8u} : std::vector{i % 4 < 2 ? 2u : 5u};
      for (const unsigned ranks : numbers)
        for (const std::string& instructions : all ? instruction_sets() : std::vector<std::string>{""}) {
          SCOPED_TRACE(cases[i].name + " by " + std::to_string(ranks) + " ranks " + instructions);
          const std::string before = instructions.empty() ? "" : "export NIB_INSTRUCTIONS=" + instructions + ";";
          const Ending ending = launched(ranks, before, arguments("run"))->run();
          ASSERT_EQ(ending.code, 0) << ending.errors;
          EXPECT_EQ(hash_of("run"), hash_of("alone"));
          ++trainings;
        }
    }
    test::tell_figures(GetParam() + ": " + std::to_string(trainings) + " trainings");
  }

 private:
  /// Those that this processor has.
  std::vector<std::string> instruction_sets() const {
    std::vector<std::string> sets;
    for (const std::string name : {"scalar", "avx2", "avx512"}) {
      Program program(small_training({"--out", "try", "--force"}));
      if (program.in(folder.path()).with_environment("NIB_INSTRUCTIONS", name).run().code == 0) sets.push_back(name);
    }
    return sets;
  }
};

TEST_P(RanksWith, EachNetworkTrainToTheWeightsOfOneProcessSlow) { expect_bits_of_one_process(networks()); }

TEST_P(RanksWith, EachRuleTrainToTheWeightsOfOneProcessSlow) { expect_bits_of_one_process(rules()); }

INSTANTIATE_TEST_SUITE_P(Mpi, RanksWith, testing::Values("openmpi", "mpich"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace nib
