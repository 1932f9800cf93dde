#include "theory/mixture/mixture_flow.hpp"

#include <algorithm>
#include <cmath>

namespace lemmabench {
namespace {

/// A mixture on the line at all of a range of noise variances.
class LineField {
 public:
  LineField(const CoordinateLaw& law, const Ball& abar) : law_(law), abar_(abar) {}

  std::size_t size() const { return law_.components.size(); }
  double narrowest(const Ball& v) const {
    double narrowest = HUGE_VAL;
    for (const CoordinateLaw::Component& c : law_.components) {
      narrowest = std::min(narrowest, (abar_ * Ball(c.variance) + v).to_double());
    }
    return narrowest;
  }
  Jet<Ball> series(const Ball& x, const Ball& v, int order, const Ball& speed) const {
    return flow_series(law_, abar_, x, v, order, speed);
  }

  class At {
   public:
    At(const CoordinateLaw& law, const Ball& abar, const Ball& times)
        : mixture_(law, abar, times) {}
    Ball score(const Ball& x) const { return mixture_.at(x).score(); }
    Ball score_derivative(const Ball& x) const { return mixture_.at(x).score_derivative(); }

   private:
    BallMixture<> mixture_;
  };
  At at(const Ball& times) const { return At(law_, abar_, times); }

 private:
  const CoordinateLaw& law_;
  const Ball& abar_;
};

}  // namespace

Ball flow(const CoordinateLaw& law, const Ball& abar, const Ball& x0, const Ball& from,
          const Ball& to, const FlowOptions& options) {
  return validated_flow(LineField(law, abar), x0, from, to, options);
}

}  // namespace lemmabench
