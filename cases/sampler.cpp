#include "cases/sampler.hpp"

#include <functional>

#include "cases/mutants/mutant_sampler.hpp"
#include "cases/samplers/ddim.hpp"
#include "cases/samplers/ddim_coefficient.hpp"
#include "cases/samplers/ddpm.hpp"
#include "cases/samplers/ddpm_posterior.hpp"
#include "cases/samplers/dpm_solver_2.hpp"
#include "cases/samplers/dpmpp_2m.hpp"
#include "cases/samplers/dpmpp_2m_sde.hpp"
#include "cases/samplers/edm_heun.hpp"
#include "cases/samplers/edm_stochastic.hpp"
#include "cases/samplers/euler_ancestral.hpp"
#include "cases/samplers/file_sampler.hpp"
#include "cases/samplers/gupta_midpoint.hpp"
#include "cases/samplers/heroism.hpp"
#include "cases/samplers/jain_zhang.hpp"
#include "cases/samplers/jiao_li.hpp"
#include "cases/samplers/li_cai.hpp"
#include "cases/samplers/li_cai_momentum.hpp"
#include "cases/samplers/li_huang_ode.hpp"
#include "cases/samplers/li_huang_sde.hpp"
#include "cases/schemes/scheme_name.hpp"

namespace lemmabench {
namespace {

struct Entry {
  const SamplerInfo* info;
  std::unique_ptr<Sampler> (*make)(Spec&);
};

template <class S>
Entry entry() {
  return {&S::info(), [](Spec& spec) -> std::unique_ptr<Sampler> {
            return std::make_unique<SamplerModel<S>>(spec);
          }};
}

/// The closed list: a new sampler is a header in cases/samplers and one line here.
const std::vector<Entry>& entries() {
  static const std::vector<Entry> kEntries{
      entry<Ddpm>(),       entry<DdpmPosterior>(),   entry<Ddim>(),
      entry<LiCai>(),      entry<LiCaiMomentum>(),   entry<LiHuangOde>(),
      entry<LiHuangSde>(), entry<DdimCoefficient>(), entry<EulerAncestral>(),
      entry<Heroism<1>>(), entry<Heroism<2>>(),      entry<Heroism<3>>(),
      entry<Heroism<4>>(), entry<DpmSolver2>(),      entry<EdmHeun>(),
      entry<JainZhang>(),  entry<EdmStochastic>(),   entry<Dpmpp2m>(),
      entry<Dpmpp2mSde>(), entry<GuptaMidpoint>(),   entry<JiaoLi>()};
  return kEntries;
}

/// The id a spec asks for; `heroism:K=2` is heroism-2.
std::string asked_id(Spec& spec) {
  if (spec.name() != "heroism") {
    return spec.name();
  }
  return "heroism-" + std::to_string(spec.integer("K", 1, 4));
}

}  // namespace

std::unique_ptr<Sampler> make_sampler(std::string_view text, std::string_view origin) {
  Spec spec = Spec::parse(text, origin);
  if (names_scheme(text)) {
    spec.fail(
        "a scheme has levels of its own and is no step of a schedule; `lemmabench law` and "
        "`lemmabench audit` take it");
  }
  if (auto sampler = open_sampler_file(spec)) {
    spec.finish();
    return sampler;
  }
  if (is_mutant(text)) {
    auto sampler = make_mutant(spec);
    spec.finish();
    return sampler;
  }
  const std::string id = asked_id(spec);
  std::vector<std::string> known;
  for (const Entry& e : entries()) {
    if (e.info->id == id) {
      auto sampler = e.make(spec);
      spec.finish();
      return sampler;
    }
    known.emplace_back(e.info->id);
  }
  throw_unknown_name(origin, "sampler", spec.name(), known);
}

std::vector<const SamplerInfo*> all_samplers() {
  std::vector<const SamplerInfo*> out;
  for (const Entry& e : entries()) {
    out.push_back(e.info);
  }
  return out;
}

}  // namespace lemmabench
