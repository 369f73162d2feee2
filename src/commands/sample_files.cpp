#include "commands/sample_files.h"

#include "base/text.h"
#include "pictures/picture_title.h"
#include "pictures/pictures.h"
#include "runs/picture_files.h"

namespace nib {

FolderRequest samples_request(const std::string& out, bool force) {
  return {.out = out, .force = force, .results = picture_files({"samples"}), .bytes = 4 << 20};
}

void write_samples(OutputFolder& folder, const Dataset& dataset, const std::vector<std::size_t>& indices,
                   const std::string& data, Streams& streams) {
  folder.remove_old_results();
  PictureWriter(folder, streams)
      .write(with_title(samples_picture(dataset, indices), PictureTitle{.data = data}.parts()));
  streams.say("\nFiles in " + printable(folder.path().string()) + ": " + files_in_words(folder.written()) + '\n');
}

}  // namespace nib
