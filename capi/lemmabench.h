/* lemmabench in C: the exact score of every target, for samplers written elsewhere.
 *
 * X_t = sqrt(abar_t) X_0 + sqrt(1-abar_t) Z is the forward process of a target X_0 at the levels
 * t = 1..T of a schedule, 1 the least noisy; t = 0 is X_0 itself. p_t is the law of X_t.
 *
 * Points are doubles, a point a row: n rows of lemmabench_dim() numbers. A function that can fail
 * returns LEMMABENCH_OK or another code, and leaves a line of text in lemmabench_last_error(); what
 * it would have written is then unspecified. No exception leaves the library.
 *
 * A law may be used by several threads; calls on one law wait for each other. Threads that are to
 * work side by side open a law each.
 */
#ifndef LEMMABENCH_H
#define LEMMABENCH_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define LEMMABENCH_API __attribute__((visibility("default")))
#else
#define LEMMABENCH_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum {
  LEMMABENCH_OK = 0,
  LEMMABENCH_BAD_INPUT = 2, /* what was given cannot be used; the text says what would be right */
  LEMMABENCH_FAILED = 3     /* memory, or an internal failure */
};

typedef struct lemmabench_law lemmabench_law;

/* target: a name of `lemmabench list targets`, a .toml file or an inline spec such as
 * "gaussian:dim=5,variance=0.3"; at most 4096 dimensions. schedule: e.g. "li-cai:c0=2,c1=9".
 * steps: T. *law is NULL after a failure. */
LEMMABENCH_API int lemmabench_open(const char* target, const char* schedule, long steps,
                                   lemmabench_law** law);
/* NULL is allowed. */
LEMMABENCH_API void lemmabench_close(lemmabench_law* law);

/* d and T; 0 for NULL. */
LEMMABENCH_API size_t lemmabench_dim(const lemmabench_law* law);
LEMMABENCH_API long lemmabench_steps(const lemmabench_law* law);

/* abar_t and 1-abar_t, t = 1..T, each to full relative accuracy (1-abar_t may be 1e-20). */
LEMMABENCH_API int lemmabench_level(const lemmabench_law* law, long t, double* abar, double* noise);
/* alpha_t = abar_t/abar_{t-1} and b_t = 1-alpha_t, t = 2..T, likewise. */
LEMMABENCH_API int lemmabench_step(const lemmabench_law* law, long t, double* alpha, double* b);

/* grad log p_t at n points x, t = 1..T: n rows of d numbers to out, which may not be x. */
LEMMABENCH_API int lemmabench_score(lemmabench_law* law, long t, size_t n, const double* x,
                                    double* out);
/* log p_t at n points x, t = 1..T: n numbers to out. */
LEMMABENCH_API int lemmabench_log_density(lemmabench_law* law, long t, size_t n, const double* x,
                                          double* out);
/* n exact independent draws of X_t, t = 0..T, to out. The same for the same t and seed; fewer draws
 * are the first of more. */
LEMMABENCH_API int lemmabench_sample(lemmabench_law* law, long t, size_t n, uint64_t seed,
                                     double* out);

/* The same at any noise level, in the coordinates X_0 + sigma Z, whatever the schedule: sigma from
 * 1e-20 to 1e20. In those of the schedule sigma = sqrt((1-abar)/abar) and x is x_t/sqrt(abar). */
LEMMABENCH_API int lemmabench_score_at(lemmabench_law* law, double sigma, size_t n, const double* x,
                                       double* out);
LEMMABENCH_API int lemmabench_log_density_at(lemmabench_law* law, double sigma, size_t n,
                                             const double* x, double* out);
/* E[X_0 | X_0 + sigma Z = x], what an exact network answers: n rows of d numbers to out, which may
 * not be x. Rounding is about 1e-16 |x|. */
LEMMABENCH_API int lemmabench_denoise(lemmabench_law* law, double sigma, size_t n, const double* x,
                                      double* out);
/* n exact independent draws of X_0 + sigma Z (sigma = 0: of X_0). The same for the same sigma and
 * seed; for independent draws at another sigma take another seed. */
LEMMABENCH_API int lemmabench_sample_at(lemmabench_law* law, double sigma, size_t n, uint64_t seed,
                                        double* out);

/* What went wrong in this thread's last call that failed; "" before any. Valid until the next. */
LEMMABENCH_API const char* lemmabench_last_error(void);
/* e.g. "0.1.0". */
LEMMABENCH_API const char* lemmabench_version(void);

#ifdef __cplusplus
}
#endif

#endif
