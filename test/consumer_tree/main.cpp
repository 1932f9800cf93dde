// What a project with lemmabench as a subdirectory does: a proved total variation.
#include <cstdio>

#include "numerics/ball.hpp"
#include "numerics/rational.hpp"

int main() {
  using lemmabench::Ball;
  using lemmabench::Rational;
  const Ball third = Ball(1) / Ball(3);
  const bool encloses = third.contains(Rational(1, 3)) && !third.contains(Rational(1, 2));
  std::printf("1/3 %s\n", encloses ? "is enclosed" : "is lost");
  return encloses ? 0 : 1;
}
