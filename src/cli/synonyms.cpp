#include "cli/synonyms.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>

namespace nib {
namespace {

/// What others say for one thing. To add a word, write it behind the others; the first line whose thing the command has
/// is the one that counts.
struct Synonyms {
  std::string_view real;   ///< as nib says it
  std::string_view words;  ///< as others do, with a space before and behind each
};

constexpr std::array option_synonyms = {
    Synonyms{"--learning-rate", " lr rate alpha step-size initial-lr base-lr learn-rate "},
    Synonyms{"--batch", " batch-size batchsize bs train-batch-size mini-batch minibatch batches "},
    Synonyms{"--epochs", " epoch num-epochs n-epochs nb-epochs nb-epoch max-epochs number-of-epochs iterations "},
    Synonyms{"--validation-split", " val-split val val-ratio val-fraction validation-ratio holdout "},
    Synonyms{"--validation", " split shuffle-split stratify validation-mode "},
    Synonyms{"--seed", " random-seed random-state manual-seed rng rng-seed "},
    Synonyms{"--threads", " workers num-workers n-workers jobs num-threads n-threads nthreads cores cpus j n-jobs "},
    Synonyms{"--device cuda", " gpu gpus cuda use-cuda use-gpu gpu-id ngpu "},
    Synonyms{"--device cpu", " cpu no-cuda no-gpu no-accel use-cpu cpu-only "},
    Synonyms{"--device", " accelerator backend platform dev "},
    Synonyms{"--precision", " amp fp16 bf16 half dtype float16 mixed-precision tf32 "},
    Synonyms{"--out",
             " output output-dir output-path output-folder outdir out-dir save save-dir save-path save-to save-model "
             "dest destination result-dir results run-dir "},
    Synonyms{"--data",
             " dataset data-set data-dir data-path data-root datadir datapath root dir input-dir train-data "},
    Synonyms{"--config", " config-file conf cfg settings settings-file ini toml yaml "},
    Synonyms{"--print-config", " dump-config show-config print-settings "},
    Synonyms{"--recipe", " preset profile defaults "},
    Synonyms{"--network", " arch architecture net model-config topology "},
    Synonyms{"--weights", " model checkpoint ckpt load load-weights init init-weights pretrained resume "},
    Synonyms{"WEIGHTS", " weights model checkpoint ckpt load load-weights model-path weights-file pretrained "},
    Synonyms{"DATA", " data dataset data-set data-dir path input "},
    Synonyms{"IN", " in data dataset input from source "},
    Synonyms{"OUT", " out output to dest destination target "},
    Synonyms{"SET", " set data dataset name "},
    Synonyms{"--to", " format type out-format output-format "},
    Synonyms{"--print-urls", " urls url print-url list-urls dry-run "},
    Synonyms{"IMAGE", " image images img picture file input "},
    Synonyms{"RUN", " run runs run-dir folder dir input "},
    Synonyms{"--index", " indices idx range n images samples "},
    Synonyms{"--limit", " max-samples num-samples max-images subset train-size dry-run "},
    Synonyms{"--force", " overwrite clobber exist-ok yes replace "},
    Synonyms{"--quiet", " silent no-progress no-verbose "},
    Synonyms{"--no-pictures", " no-plots no-plot no-figures no-report no-images "},
    Synonyms{"--log-json", " log log-file logfile json-log jsonl log-jsonl "},
    Synonyms{"--tensorboard", " logdir log-dir tb tb-dir tensorboard-dir summary-dir "},
    Synonyms{"--log-every", " log-interval log-steps log-freq log-frequency print-freq "},
    Synonyms{"--optimizer", " optim opt optimiser solver "},
    Synonyms{"--l2", " l2-regularization regularization regularizer kernel-regularizer l2-penalty l2-lambda "},
    Synonyms{"--weight-decay", " wd "},
    Synonyms{"--clip-norm",
             " clip grad-clip clip-grad clip-grad-norm global-clipnorm clipnorm max-grad-norm gradient-clip "},
    Synonyms{"--ema", " ema-decay ema-momentum use-ema "},
    Synonyms{"--augment",
             " augmentation augmentations data-augmentation transform transforms rotate rotation shift scale zoom "},
    Synonyms{"--label-smoothing", " smoothing label-smooth smooth-labels "},
    Synonyms{"--schedule", " lr-schedule scheduler lr-scheduler decay lr-decay lr-policy "},
    Synonyms{"--reduce-on-plateau", " reduce-lr-on-plateau plateau plateau-patience "},
    Synonyms{"--decay-rate", " gamma decay-factor lr-gamma "},
    Synonyms{"--warmup-epochs", " warmup warm-up "},
    Synonyms{"--early-stopping", " patience early-stop earlystopping stop-early "},
    Synonyms{"--restore-best", " restore-best-weights save-best-only load-best "},
    Synonyms{"--require-accuracy", " min-accuracy target-accuracy assert-accuracy accuracy-threshold threshold "},
    Synonyms{"--digits", " decimals places output-digits "},
    Synonyms{"--as-is", " raw no-preprocess no-preparation no-processing "},
    Synonyms{"--version", " v ver "},
    Synonyms{"--to", " format output-format target type "},
    Synonyms{"--flatten", " order data-format layout "},
    Synonyms{"--json", " output-json format-json as-json to-json "},
};

constexpr std::array command_synonyms = {
    Synonyms{"train", " fit learn run start training "},
    Synonyms{"evaluate", " test eval score validate accuracy "},
    Synonyms{"predict", " infer inference classify recognise recognize guess prediction "},
    Synonyms{"bench", " benchmark speed time profile perf "},
    Synonyms{"show", " view display samples images plot "},
    Synonyms{"summary", " summarize summarise describe model layers info network "},
    Synonyms{"compare", " diff vs "},
    Synonyms{"reproduce", " replicate repeat rerun retrain redo certify "},
    Synonyms{"convert", " export import save-as transform "},
    Synonyms{"data", " dataset datasets "},
    Synonyms{"describe", " info stats statistics summary inspect analyse analyze explore "},
    Synonyms{"fetch", " download get pull "},
    Synonyms{"doctor", " check diagnose env environment devices gpus "},
    Synonyms{"verify", " check validate parity "},
    Synonyms{"list", " ls all "},
    Synonyms{"report", " html page "},
    Synonyms{"draw", " paint sketch web demo canvas pad "},
    Synonyms{"help", " usage man "},
};

constexpr std::array value_synonyms = {
    Synonyms{"--data mnist", " mnist digits "},
    Synonyms{"--data fashion", " fashion fashion-mnist "},
    Synonyms{"--device cpu", " cpu "},
    Synonyms{"--device cuda", " cuda gpu "},
};

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char letter) { return std::tolower(letter); });
  return result;
}

bool has_option(const KnownCommand& command, std::string_view name) {
  return std::ranges::any_of(command.options, [&](const KnownOption& option) {
    return std::ranges::find(option.names, name) != option.names.end();
  });
}

/// The first thing that `word` stands for and that `exists`.
template <typename Exists>
std::optional<std::string> look_up(std::span<const Synonyms> table, std::string_view word, Exists exists) {
  const std::string whole = ' ' + std::string(word) + ' ';
  for (const Synonyms& each : table)
    if (each.words.find(whole) != std::string_view::npos && exists(each.real.substr(0, each.real.find(' '))))
      return std::string(each.real);
  return std::nullopt;
}

/// Bytes of a dash of typography at the begin of a text, 0 for none: U+2010 to U+2015, minus, and their small and wide
/// forms, all of three bytes.
std::size_t dash_length(std::string_view text) {
  constexpr std::array<std::string_view, 10> dashes = {"\u2010", "\u2011", "\u2012", "\u2013", "\u2014",
                                                       "\u2015", "\u2212", "\uFE58", "\uFE63", "\uFF0D"};
  const auto* const found = std::ranges::find_if(dashes, [&](std::string_view dash) { return text.starts_with(dash); });
  return found == dashes.end() ? 0 : found->size();
}

}  // namespace

std::string with_plain_dashes(std::string_view text) {
  const bool typographic = dash_length(text) > 0;
  std::string plain;
  while (!text.empty()) {
    const std::size_t dash = dash_length(text);
    plain += dash > 0 ? '-' : text.front();
    text.remove_prefix(std::max<std::size_t>(dash, 1));
  }
  const std::size_t name = plain.find_first_not_of('-');
  if (!typographic || name == std::string::npos) return plain;
  const bool one_letter = std::min(plain.find('='), plain.size()) == name + 1;
  return (one_letter ? "-" : "--") + plain.substr(name);
}

std::optional<std::string> real_option(std::string_view name, const KnownCommand& command) {
  const std::string plain = with_plain_dashes(name);
  if (plain != name && has_option(command, plain)) return plain;
  std::string word = lower_case(plain.substr(std::min(plain.find_first_not_of('-'), plain.size())));
  std::ranges::replace(word, '_', '-');
  const auto exists = [&](std::string_view real) { return has_option(command, real); };
  if (word.size() > 1 && exists("--" + word) && "--" + word != name) return "--" + word;
  std::optional<std::string> real = look_up(option_synonyms, word, exists);
  if (real && !real->starts_with('-')) *real += ", an argument without a name";
  return real;
}

std::optional<std::string> real_command(std::string_view word, const std::vector<std::string>& commands) {
  return look_up(command_synonyms, lower_case(word),
                 [&](std::string_view real) { return std::ranges::find(commands, real) != commands.end(); });
}

std::optional<std::string> option_of_value(std::string_view value, const KnownCommand& command) {
  return look_up(value_synonyms, lower_case(value), [&](std::string_view real) { return has_option(command, real); });
}

}  // namespace nib
