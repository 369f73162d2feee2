#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nib/arithmetic/augmentation.h"
#include "nib/communicator.h"
#include "nib/dataset.h"
#include "nib/network.h"
#include "nib/optimizer.h"
#include "nib/parameters.h"

namespace nib {

enum class Precision { fp32, tf32 };

/// What only the CPU engine asks for.
struct CpuOptions {
  unsigned threads = 1;                   ///< at most; results do not depend on it
  std::optional<std::uint64_t> memory{};  ///< bytes that it may take; none: no limit is known
};

/// Whose code runs the blocks of a network that nib has kernels of its own for, on a CUDA device.
enum class Kernels { own, library };

/// What only the CUDA engine asks for.
struct CudaOptions {
  bool stream = false;  ///< stream batches from the host even where the set would fit on the device
  bool fast = false;    ///< also algorithms that may give other bits from run to run
  Kernels kernels = Kernels::own;
  /// Images of an evaluation step, which the last bits of results may depend on. None: a number that depends on the
  /// network alone.
  std::optional<std::uint32_t> evaluation_batch{};
};

/// What an engine is made from. Each engine reads its own part of it: whoever asks for "auto" fills in both.
struct EngineOptions {
  Network network;
  Optimizer optimizer{};
  std::uint32_t batch = 128;             ///< rows of a training step; the last step of an order may have fewer
  std::uint64_t seed = 0;                ///< of dropout masks, augmentation, and the initial parameters
  Augmentation augmentation{};           ///< of the images that are trained on
  double label_smoothing = 0;            ///< of the loss, in training and evaluation; from 0 to below 1, see
                                         ///< arithmetic/smoothed_labels.h
  bool draw_parameters = true;           ///< false: set_state() comes before all else, nothing else is defined before
  std::optional<Precision> precision{};  ///< none: TF32 where the device has it, else FP32
  CpuOptions cpu{};
  CudaOptions cuda{};
  /// None: this process computes alone. Otherwise every rank makes this engine and the same calls with the same
  /// arguments (threads may differ); each does a share of the work and gets the results of the whole, the bits of one
  /// process. Must outlive the engine.
  Communicator* communicator = nullptr;
};

struct StepResult {
  std::uint64_t step = 0;  ///< counted from 1 over the engine's life (or from set_state's step)
  std::uint32_t rows = 0, correct = 0;
  double loss = 0;  ///< sum over the rows, before the step's update
};

enum class Next { go_on, stop };

/// Called on the caller's thread with every finished step in order, one or more a call, at least every 100 ms. It must
/// not call the engine, which may be steps ahead. `stop` ends training; steps that a device has begun by then are still
/// finished and told.
using Progress = std::function<Next(std::span<const StepResult>)>;

/// Called as Progress is, with how many images of the set are evaluated so far. `stop` ends the evaluation there.
using EvaluationProgress = std::function<Next(std::uint64_t images)>;

struct TrainResult {
  std::uint64_t steps = 0, rows = 0, correct = 0;  ///< of finished steps
  double loss_sum = 0;
  bool stopped = false;  ///< Progress asked for it
  /// The loss or a gradient of this step (or the square of one, which most optimizers need) was not finite; it changed
  /// nothing.
  std::optional<std::uint64_t> nonfinite_step;
};

struct Metrics {
  std::uint64_t rows = 0;
  bool labelled = false;  ///< the rest means something only then
  std::uint64_t correct = 0;
  double loss_sum = 0;
  std::vector<std::uint64_t> confusion;  ///< (true class, predicted class), classes x classes
  bool stopped = false;                  ///< EvaluationProgress asked for it
};

/// All that a training run has to know to go on bit for bit: parameters, the optimizer's moments, finished steps.
struct TrainingState {
  Parameters parameters{};
  std::vector<Moment> moments{};  ///< moment_names(), in this order
  std::uint64_t step = 0;
};

/// With these parameters, moments of zeros and no step behind it.
TrainingState first_state(const Network& network, Parameters parameters, const Optimizer& optimizer = {});

/// True when every parameter and moment is finite.
bool all_finite(const TrainingState& state);

struct PhaseTime {
  std::string name;
  double seconds = 0;  ///< over all measured steps
  /// Floating-point operations that the network's definition asks for in them, whatever an engine saves of it; 0 where
  /// they are not counted.
  double operations = 0;
};

/// How many of one thing.
struct Count {
  std::string name;
  std::uint64_t count = 0;
};

/// What an engine tells of its training steps.
struct Diagnostics {
  std::vector<PhaseTime> phases;  ///< in the order in which a step goes through them
  /// What a captured step consists of, by kind: "kernels", "copies", "memsets", "others". Empty where steps are not
  /// captured.
  std::vector<Count> nodes;
  /// Floating-point operations a second that independent multiply-adds reach on what computes: measured between the
  /// steps; 0 where it was not.
  double peak = 0;
  /// The part of the steps' time in which other programs had the processors that it was to be computed on. Phases are
  /// without it.
  double kept_waiting = 0;
};

/// A data set as an engine holds it; Engine::upload() makes it. Move-only; must not outlive its engine.
class ImageSet {
 public:
  /// What an engine keeps of a set; each engine derives its own.
  struct Storage {
    virtual ~Storage() = default;
  };
  const Dataset& dataset() const { return *dataset_; }
  Storage& storage() const { return *storage_; }

 private:
  friend class Engine;
  ImageSet(std::uint64_t owner, std::shared_ptr<const Dataset> dataset, std::unique_ptr<Storage> storage)
      : owner_(owner), dataset_(std::move(dataset)), storage_(std::move(storage)) {}

  std::uint64_t owner_;  ///< the engine's number
  std::shared_ptr<const Dataset> dataset_;
  std::unique_ptr<Storage> storage_;
};

/// A whole network on one device: compiled from EngineOptions once, then only run.
///
/// Every call checks first what it is given, and then does it: a call that throws for what it was given has changed
/// nothing. Data that does not fit the network or the task (images, labels, a state) throws Error (bad input). What the
/// calling program got wrong (a set of another engine, an index beyond the set, spans of other lengths than these
/// comments say) is nothing that a user could mend: it throws Error (bug). Engines derive from this class and override
/// the do_...() functions, which may rely on all of it.
class Engine {
 public:
  virtual ~Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Checks rows x columns x 1 against the network's input, and that there are no labels or one for each image, none of
  /// them beyond the network's classes.
  ImageSet upload(std::shared_ptr<const Dataset> dataset);

  /// One step for each `batch` images of `order` (indices into the set; the last step takes the rest), with
  /// that step's learning rate: learning_rates.size() == ceil(order.size() / batch). Needs labels.
  TrainResult train(const ImageSet& images, std::span<const std::uint32_t> order,
                    std::span<const double> learning_rates, const Progress& progress);

  /// Forward pass over the whole set in file order, without dropout. `probabilities` is empty or holds
  /// (image, class); the result depends neither on batch nor on threads.
  Metrics evaluate(const ImageSet& images, std::span<float> probabilities, const EvaluationProgress& progress);

  /// Takes parameters and moments as state() gives them: each with the tensors of parameter_specs(), names and shapes.
  void set_state(const TrainingState& state);
  virtual TrainingState state() const = 0;

  /// Trains `steps` steps (1 or more) of a whole batch on `order` (not empty), over again as often as it takes, with
  /// timers around the phases, and sets the state back to what it was. Needs labels.
  Diagnostics diagnostics(const ImageSet& images, std::span<const std::uint32_t> order, unsigned steps);

  /// What all ranks do next: stop as soon as one of them wants it. Alone: `wanted`. For decisions that every rank takes
  /// for itself (a signal, a time limit) but that all have to take alike.
  virtual Next agree(Next wanted) { return wanted; }

  /// "cpu, AVX-512, 2 threads, FP32".
  virtual std::string description() const = 0;

  /// What a user should know of how it came to be made so, a line each: what it does otherwise than asked.
  virtual std::vector<std::string> notes() const { return {}; }

  /// Training again from the same state on the same device and in the same software gives the same bits.
  virtual bool repeatable() const { return true; }

  /// Of this process, that compute: fewer than CpuOptions asks for where the system refused some. 1 where a device
  /// computes.
  virtual unsigned threads() const { return 1; }

 protected:
  /// Throws Error (bad input) for a network that makes no sense, Error (bug) for a batch of 0.
  explicit Engine(EngineOptions options);
  const EngineOptions& options() const { return options_; }

 private:
  virtual std::unique_ptr<ImageSet::Storage> do_upload(std::shared_ptr<const Dataset> dataset) = 0;
  virtual TrainResult do_train(const ImageSet& images, std::span<const std::uint32_t> order,
                               std::span<const double> learning_rates, const Progress& progress) = 0;
  virtual Metrics do_evaluate(const ImageSet& images, std::span<float> probabilities,
                              const EvaluationProgress& progress) = 0;
  virtual void do_set_state(const TrainingState& state) = 0;
  /// `order` has a whole number of batches, one for each step. May leave any state behind.
  virtual Diagnostics do_diagnostics(const ImageSet& images, std::span<const std::uint32_t> order) = 0;

  void check_owner(const ImageSet& images) const;

  EngineOptions options_;
  std::uint64_t number_;  ///< of this engine: no other of the process has it, not even one that is gone
};

/// Makes the engine for `device`: "cpu", "cuda:N", "cuda" (the first that can be used) or "auto". Throws Error (usage)
/// for a device name that is none, Error (device) for a device that cannot be used. `note` receives a line, or lines,
/// where "auto" had to fall back, an unfit GPU was passed over, or the precision is not the one asked for.
std::unique_ptr<Engine> make_engine(const std::string& device, const EngineOptions& options, std::string& note);

}  // namespace nib
