#pragma once

#include <mpfr.h>  // first: FLINT 3 declares arf_set_mpfr and its like only after it

// FLINT 3 moved Arb into its own tree and renamed the headers; Debian 12 still has Arb 2.23 beside
// FLINT 2.9. This is the only place that knows.
#if defined(LEMMABENCH_FLINT3)
#include <flint/acb.h>
#include <flint/acb_calc.h>
#include <flint/acb_hypgeom.h>
#include <flint/arb.h>
#include <flint/arb_fmpz_poly.h>
#include <flint/arb_hypgeom.h>
#include <flint/fmpq.h>
#include <flint/fmpz.h>
#else
#include <acb.h>
#include <acb_calc.h>
#include <acb_hypgeom.h>
#include <arb.h>
#include <arb_hypgeom.h>
#include <flint/fmpq.h>
#include <flint/fmpz.h>
#endif
