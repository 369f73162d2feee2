#include "runs/class_figures.h"

#include "statistics/class_scores.h"

namespace nib {

Json class_figures(std::span<const std::uint64_t> confusion, const std::vector<std::string>& class_names) {
  Json figures = Json::array();
  const std::vector<ClassScore> scores = class_scores(confusion, class_names.size());
  for (std::size_t index = 0; index < scores.size(); ++index)
    figures.push_back({{"class", index},
                       {"name", class_names[index]},
                       {"precision", scores[index].precision()},
                       {"recall", scores[index].recall()},
                       {"f1", scores[index].f1()},
                       {"support", scores[index].support}});
  return figures;
}

}  // namespace nib
