#pragma once

#include <string>

#include "harness/engines/line_proved/data_end.hpp"
#include "harness/engines/line_proved/proved_distance.hpp"
#include "harness/engines/line_proved/proved_step.hpp"
#include "harness/engines/line_proved/rounded_law.hpp"
#include "numerics/ball.hpp"
#include "theory/process/output_law.hpp"
#include "theory/process/schedule.hpp"
#include "theory/targets/product_law.hpp"

namespace lemmabench {

/// What a proved law rests on, as text that another program can check (tools/check_certificate.py,
/// docs/proved.md "The certificate"): JSON, one object a line: the question with its levels, the
/// law of the start, one line a step, and the end. Doubles are C hex floats in quotes, balls pairs
/// of hex floats that enclose them. Nothing is rounded but the ends of balls, outward.
class LineCertificate {
 public:
  static constexpr int kVersion = 1;

  /// `followed_to`: the level of the last law; the steps below it are bounded and not followed.
  void question(const LawRequest& request, const CoordinateLaw& law, const Schedule<Ball>& schedule,
                int followed_to);
  void start(const RoundedLaw& law);
  void step(int t, const ProvedStep& step);
  /// `truth` at the level that was followed to, TV(truth, q) there and the interval of TV(p_1,
  /// q_1).
  void end(const RoundedLaw& truth, const ProvedDistance& found, double defect, const DataEnd& end,
           const Ball& total_variation);

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace lemmabench
