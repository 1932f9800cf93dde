#include "cases/points/image_file.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "cases/target.hpp"
#include "cases/vector_law.hpp"
#include "numerics/error.hpp"
#include "test/support/accuracy.hpp"
#include "theory/mixture/vector_mixture.hpp"

namespace lemmabench {
namespace {

template <class Body>
std::string refusal(Body body) {
  try {
    body();
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos && message.find('\n') == std::string::npos;
}

/// Two images of 2x2 pixels.
std::string tiny() {
  return std::string("\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x02", 16) +
         std::string("\0\x01\x02\x03\xff\xff\0\0", 8);
}

std::string path_of(const char* name) {
  return (std::filesystem::temp_directory_path() / name).string();
}

TEST_CASE("IDX images are read row by row") {
  const PointTable all = parse_idx(tiny(), 0, "a");
  CHECK(all.rows == 2);
  CHECK(all.columns == 4);
  CHECK(all.values == std::vector<double>{0, 1, 2, 3, 255, 255, 0, 0});
  CHECK(parse_idx(tiny(), 1, "a").values == std::vector<double>{0, 1, 2, 3});
}

TEST_CASE("pixels go to [-1, 1], blocks to their means") {
  PointTable whole = parse_idx(tiny(), 0, "a");
  shrink_images(whole, 2, "a");
  CHECK(whole.values[0] == -1);
  CHECK(whole.values[4] == 1);
  // Four by four, its quarters 0, 255, 51 and 102: their order is rows, then columns.
  PointTable image{1, 16, {0, 0, 255, 255, 0, 0, 255, 255, 51, 51, 102, 102, 51, 51, 102, 102}};
  shrink_images(image, 2, "a");
  CHECK(image.columns == 4);
  const double truth[] = {-1, 1, -0.6, -0.2};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK_CLOSE(image.values[i], truth[i], Bound::absolute(1e-15),
                "a mean of bytes over 255, scaled to [-1, 1]: 4 roundings");
  }
  CHECK(says(refusal([&] { shrink_images(image, 3, "a.gz"); }), "a.gz: images of 4 pixels"));
}

TEST_CASE("gzipped and plain files are the same; damaged ones are refused in one line") {
  const std::string text = tiny();
  const std::string plain = path_of("lemmabench_image_file_test");
  const std::string packed = plain + ".gz";
  std::ofstream(plain, std::ios::binary) << text;
  gzFile file = gzopen(packed.c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  CHECK(read_idx(plain, 0, "t").values == read_idx(packed, 0, "t").values);
  CHECK(read_idx(packed, 1, "t").rows == 1);
  std::filesystem::resize_file(packed, std::filesystem::file_size(packed) - 12);
  CHECK(says(refusal([&] { read_idx(packed, 0, "t"); }), "cut off"));
  std::filesystem::resize_file(plain, 20);
  CHECK(says(refusal([&] { read_idx(plain, 0, "t"); }), "2 images of 4 pixels do not fit"));
  CHECK(says(refusal([&] { read_idx(plain + ".none", 0, "--target"); }),
             "--target: cannot read the file"));
  std::remove(plain.c_str());
  std::remove(packed.c_str());
  const auto refused = [](const std::string& bytes) {
    return refusal([&] { parse_idx(bytes, 0, "a.gz"); });
  };
  CHECK(says(refused("nothing"), "a.gz: is no IDX file of images"));
  CHECK(says(refused(std::string("\0\0\x08\x03\0\0\0\0\0\0\0\x02\0\0\0\x02", 16)), "no images"));
  CHECK(says(refused(std::string("\0\0\x08\x03\0\0\0\x01\xff\xff\xff\xff\xff\xff\xff\xff", 16)),
             "images of 18446744065119617025 pixels"));
}

TEST_CASE("fashion is known before its data are read") {
  const Target target = make_target("fashion:count=8,side=7,bandwidth=0.1", "t");
  CHECK(target.dim() == 49);
  CHECK(target.text() == "fashion:count=8,side=7,bandwidth=0.1");
  CHECK(make_target("fashion", "t").dim() == 196);
  const auto refused = [](const char* text) { return refusal([&] { make_target(text, "t"); }); };
  CHECK(says(refused("fashion:count=8,side=8,bandwidth=0.1"), "give 28, 14 or 7"));
  CHECK(says(refused("fashion:count=4097,side=7,bandwidth=0.1"), "4096"));
  CHECK(says(refused("fashion:count=8,side=7,bandwidth=0"), "must be above 0"));
  const char* const images = "/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz";
  if (!std::filesystem::exists(images)) {
    CHECK(says(refusal([&] { vector_law(target); }), "Debian package dataset-fashion-mnist"));
    return;
  }
  const auto law = vector_law(target);
  const auto& mixture = dynamic_cast<const VectorMixture&>(*law);
  CHECK(mixture.size() == 8);
  CHECK(mixture.shared());
  CHECK_CLOSE(mixture.variance(0, 0), 0.01, Bound::relative(1e-15),
              "the square of the double 0.1: 2 roundings");
  // The first image is an ankle boot: its upper left corner is background, its sole is not.
  CHECK(mixture.mean(0)[0] == -1);
  CHECK(mixture.mean(0)[5 * 7 + 3] > 0);
}

}  // namespace
}  // namespace lemmabench
