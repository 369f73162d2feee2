#pragma once

#include <memory>
#include <string>

#include "base/temporary_folder.h"
#include "nib/engine.h"
#include "parity/recording.h"

namespace nib {

/// The folder of a recording: two steps of two images of 4x4 pixels, of nib's own CPU engine as the peer.
class SmallRecording : public TemporaryFolder {
 public:
  SmallRecording();

  /// Replaces the one place of recording.json where `from` stands.
  void change(const std::string& from, const std::string& to) const;
  /// The line of the error that reading it ends with; empty: none.
  std::string refusal() const;
};

/// Four images with the labels 0, 1, 1, 0.
std::shared_ptr<const Dataset> small_images();
Network small_network();

/// A CPU engine with the weights that the recording begins with.
std::unique_ptr<Engine> small_engine(const Parameters& parameters);

}  // namespace nib
