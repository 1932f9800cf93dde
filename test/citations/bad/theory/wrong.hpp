#pragma once

/// Right: theory.md section 1, theory.md section 1.1, theory.md A1, claims T3 and T5 of theory.md
/// section 4, LY (2409.18959) Lemma 1, LY Theorem 2, arXiv 2409.18959, Guo, Shamai & Verdu 2005,
/// docs/guide.md, the GNU C compiler, a TV of 2, N1 and D7 in code.
///
/// Wrong: theory.md section 2, and over the end of a line theory.md
/// section 9; theory.md sections 1, 3 and 4; theory.md section 1.7; theory.md section 4, claim T7.
/// The claims T3..T6 are shown. LX Lemma 1. LY (2409.18958). LZ = Li & Zhou, arXiv 2506.24042.
/// Stam 1959, docs/lost.md. Vague: in the order of theory.md. T3 and T5 of theory.md are not.
