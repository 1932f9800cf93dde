#include "cases/targets/fashion.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "cases/points/image_file.hpp"
#include "cases/targets/mixture.hpp"
#include "numerics/error.hpp"
#include "numerics/rational.hpp"

namespace lemmabench {
namespace {

constexpr const char* kImages = "/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz";
constexpr long kWholeSide = 28;

std::shared_ptr<const VectorLaw> load_images(std::size_t count, std::size_t side, double bandwidth,
                                             const std::string& origin) {
  if (!std::filesystem::exists(kImages)) {
    throw InputError(fmt::format(
        "{}: '{}' is missing; install the Debian package dataset-fashion-mnist", origin, kImages));
  }
  PointTable images = read_idx(kImages, count, origin);
  shrink_images(images, side, kImages);
  return smoothed_points(std::move(images), bandwidth);
}

}  // namespace

CloudTarget make_fashion(Spec& spec) {
  const long count = spec.integer("count", 1, static_cast<long>(kMaxComponents));
  const long side = spec.integer("side", 1, kWholeSide);
  const Rational bandwidth = spec.number("bandwidth");
  if (side != kWholeSide && side != kWholeSide / 2 && side != kWholeSide / 4) {
    spec.fail_at("side", fmt::format("{} is not offered; give 28, 14 or 7", side));
  }
  check_bandwidth(spec, bandwidth);
  const auto load = [=, origin = spec.origin()] {
    return load_images(static_cast<std::size_t>(count), static_cast<std::size_t>(side),
                       bandwidth.to_double(), origin);
  };
  return {std::make_shared<CloudSource>(CloudSource{side * side, load}),
          fmt::format("fashion:count={},side={},bandwidth={}", count, side, bandwidth.text())};
}

}  // namespace lemmabench
