#pragma once

#include "cases/spec.hpp"
#include "cases/targets/cloud.hpp"

namespace lemmabench {

/// Real data: the first `count` (1 to 4096) training images of Fashion-MNIST (Xiao, Rasul &
/// Vollgraf 2017, MIT licence; the Debian package dataset-fashion-mnist), smoothed by a Gaussian:
/// the law N(image, bandwidth^2 I) of an image drawn at random.
///
/// Pixels run from -1 (background) to 1, as diffusion models take images; side 28, or 14 or 7 by
/// means over blocks of 2x2 or 4x4: d = side^2.
/// Inline: `fashion:count=256,side=14,bandwidth=0.1`. The file is read when the law is asked for,
/// not before: a catalogue with it in works without the package.
///
/// Throws InputError for a count or side that is not offered and a bandwidth <= 0; load() of the
/// target's source for a file that is missing (naming the package) or damaged.
CloudTarget make_fashion(Spec& spec);

}  // namespace lemmabench
