#include "cases/points/image_file.hpp"
#include "cases/points/point_file.hpp"
#include "fuzz/one_input.hpp"

/// Files of points: the same bytes as .npy, as .csv and as an IDX file of images.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lemmabench;
  using namespace lemmabench::fuzz;
  const std::string_view bytes = text_of(data, size);
  const auto fits = [](const PointTable& table) {
    require(table.rows > 0 && table.columns > 0, "a table without points");
    require(table.values.size() == table.rows * table.columns, "a table of another size");
  };
  answers_or_refuses([&] { fits(parse_npy(bytes, 0, "fuzz.npy")); });
  answers_or_refuses([&] { fits(parse_csv(bytes, 0, "fuzz.csv")); });
  answers_or_refuses([&] {
    PointTable images = parse_idx(bytes, 0, "fuzz.gz");
    fits(images);
    shrink_images(images, 1, "fuzz.gz");
    fits(images);
  });
  return 0;
}
