#include "transfer/addresses.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/error.h"

namespace nib {
namespace {

const std::vector<std::string_view> mnist_names = {"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
                                                   "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"};

/// http://127.0.0.1:PORT/ and perhaps more; no user in front of another host.
bool is_on_loopback(std::string_view url) {
  constexpr std::string_view host = "http://127.0.0.1:";
  if (!url.starts_with(host)) return false;
  const std::size_t port_end = url.find_first_not_of("0123456789", host.size());
  return port_end != std::string_view::npos && port_end > host.size() && url[port_end] == '/';
}

}  // namespace

std::span<const SetAddress> set_addresses() {
  static const std::array<SetAddress, 5> sets = {{
      {.name = "mnist",
       .title = "MNIST",
       .mirrors = {"https://ossci-datasets.s3.amazonaws.com/mnist/",
                   "https://storage.googleapis.com/cvdf-datasets/mnist/"},
       .files = mnist_names},
      {.name = "fashion",
       .title = "Fashion-MNIST",
       .mirrors = {"https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
                   "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"},
       .files = mnist_names},
      {.name = "kmnist",
       .title = "Kuzushiji-MNIST",
       .mirrors = {"https://codh.rois.ac.jp/kmnist/dataset/kmnist/"},
       .files = mnist_names},
      {.name = "emnist",
       .title = "EMNIST",
       .mirrors = {"https://biometrics.nist.gov/cs_links/EMNIST/"},
       .files = {"gzip.zip"}},
      {.name = "qmnist",
       .title = "QMNIST",
       .mirrors = {"https://raw.githubusercontent.com/facebookresearch/qmnist/master/"},
       .files = {"qmnist-train-images-idx3-ubyte.gz", "qmnist-train-labels-idx2-int.gz",
                 "qmnist-test-images-idx3-ubyte.gz", "qmnist-test-labels-idx2-int.gz"}},
  }};
  return sets;
}

const SetAddress* find_set_address(std::string_view name) {
  const auto found = std::ranges::find(set_addresses(), name, &SetAddress::name);
  return found == set_addresses().end() ? nullptr : &*found;
}

std::vector<std::string> urls_of(const SetAddress& set, std::string_view mirror) {
  std::vector<std::string> urls;
  for (const std::string_view file : set.files) urls.push_back(std::string(mirror) + std::string(file));
  return urls;
}

std::optional<std::vector<std::string>> mirrors_of_test() {
  const char* const value = std::getenv("NIB_FETCH_FROM");
  if (value == nullptr || *value == '\0') return std::nullopt;
  std::vector<std::string> mirrors;
  for (std::string_view rest = value; !rest.empty();) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    mirrors.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!is_on_loopback(mirrors.back()))
      throw usage_error({.file = "NIB_FETCH_FROM",
                         .problem = "is for tests on this machine alone",
                         .expected = "http://127.0.0.1:PORT/",
                         .got = mirrors.back()});
  }
  return mirrors;
}

}  // namespace nib
