#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "numerics/rational.hpp"

namespace lemmabench {

/// N(mean, diag(spectrum)) in R^d, as blocks of equal eigenvalue. `mean` is the same for every
/// coordinate of a block. Inline: `gaussian:dim=5,variance=0.3[,mean=1]` or
/// `gaussian:spectrum=0.25x2+4x2[,mean=0/1]` (one mean a block).
struct GaussianTarget {
  struct Block {
    Rational variance;
    Rational mean;
    long multiplicity = 1;
  };
  std::vector<Block> blocks;

  long dim() const;
  bool centred() const;
};

/// sum_k w_k N(m_k, v_k) on the line. Inline: `mixture:weights=../..,means=../..,variances=../..`.
struct MixtureTarget {
  struct Component {
    Rational weight;
    Rational mean;
    Rational variance;
  };
  std::vector<Component> components;
};

/// A target with its canonical text; `name` is the catalogue's if it has one, else the text.
struct Target {
  std::string name;
  std::string title;  ///< one line for people
  std::variant<GaussianTarget, MixtureTarget> law;

  long dim() const;
  std::string text() const;
};

/// A catalogue name, a TOML file (ends in .toml), or an inline spec. Throws InputError for an
/// unknown name (with the nearest), a malformed number, weights that do not sum to 1 (says by how
/// much), a variance <= 0, dimension 0, or a file that cannot be read (file:line).
Target make_target(std::string_view text, std::string_view origin);

/// The named targets of the catalogue (cases/catalogue/*.toml, embedded at build time).
std::vector<Target> catalogue_targets();

}  // namespace lemmabench
