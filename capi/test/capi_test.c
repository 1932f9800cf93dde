/* The C library as a C program sees it. Exit code 0, or the line of the first check that failed. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capi/lemmabench.h"

#define CHECK(condition)                                                                    \
  do {                                                                                      \
    if (!(condition)) {                                                                     \
      fprintf(stderr, "line %d: %s (%s)\n", __LINE__, #condition, lemmabench_last_error()); \
      exit(1);                                                                              \
    }                                                                                       \
  } while (0)

/* A law of this target on the schedule li-cai:c0=2,c1=9; the test ends if there is none. */
static lemmabench_law* open_law(const char* target, long steps) {
  lemmabench_law* law = NULL;
  CHECK(lemmabench_open(target, "li-cai:c0=2,c1=9", steps, &law) == LEMMABENCH_OK);
  return law;
}

/* abar_{t-1} = abar_t + L abar_t (1-abar_t), L = c1 log T/T, and abar_T = T^-c0. */
static void check_levels(void) {
  lemmabench_law* law = open_law("gauss-flat", 200);
  double abar, noise, next, next_noise, alpha, b;
  const double l = 9 * log(200.0) / 200;
  CHECK(lemmabench_steps(law) == 200 && lemmabench_dim(law) == 5);
  CHECK(lemmabench_level(law, 200, &abar, &noise) == LEMMABENCH_OK);
  CHECK(fabs(abar * 40000 - 1) < 1e-14 && fabs(noise - (1 - 1.0 / 40000)) < 1e-15);
  CHECK(lemmabench_level(law, 50, &abar, &noise) == LEMMABENCH_OK);
  CHECK(lemmabench_level(law, 49, &next, &next_noise) == LEMMABENCH_OK);
  CHECK(fabs(next / (abar + l * abar * noise) - 1) < 1e-14);
  CHECK(fabs(next_noise / (noise * (1 - l * abar)) - 1) < 1e-13);
  CHECK(lemmabench_step(law, 50, &alpha, &b) == LEMMABENCH_OK);
  CHECK(fabs(alpha - abar / next) < 1e-15 && fabs(b + alpha - 1) < 1e-15);
  lemmabench_close(law);
}

/* N(mean, v) at level t: score -(x - sqrt(abar) mean)/(abar v + 1-abar). 300 rows: more than a
   block. */
static void check_gaussian(void) {
  enum { kRows = 301, kDim = 3 };
  const double variance[kDim] = {0.25, 4, 4};
  const double mean[kDim] = {1, -2, -2};
  static double x[kRows * kDim], score[kRows * kDim], logarithm[kRows];
  lemmabench_law* law = open_law("gaussian:spectrum=0.25x1+4x2,mean=1/-2", 200);
  long t;
  for (t = 1; t <= 200; t += 40) {
    double abar, noise;
    size_t r, i;
    CHECK(lemmabench_level(law, t, &abar, &noise) == LEMMABENCH_OK);
    CHECK(lemmabench_sample(law, t, kRows, 7, x) == LEMMABENCH_OK);
    CHECK(lemmabench_score(law, t, kRows, x, score) == LEMMABENCH_OK);
    CHECK(lemmabench_log_density(law, t, kRows, x, logarithm) == LEMMABENCH_OK);
    for (r = 0; r < kRows; ++r) {
      double sum = 0;
      for (i = 0; i < kDim; ++i) {
        const double w = abar * variance[i] + noise;
        const double gap = x[r * kDim + i] - sqrt(abar) * mean[i];
        CHECK(fabs(score[r * kDim + i] + gap / w) <= 1e-13 * (1 + fabs(gap)) / w);
        sum -= gap * gap / (2 * w) + log(8 * atan(1) * w) / 2;
      }
      CHECK(fabs(logarithm[r] - sum) < 1e-12 * (1 + fabs(sum)));
    }
  }
  lemmabench_close(law);
}

/* The score is the derivative of the log density, here of laws of every kind. */
static void check_derivative(const char* target) {
  lemmabench_law* law = open_law(target, 100);
  const size_t d = lemmabench_dim(law);
  double* x = malloc(8 * d * sizeof(double));
  double* moved = malloc(8 * d * sizeof(double));
  double* score = malloc(8 * d * sizeof(double));
  double above[8], below[8];
  const double h = 1e-5;
  size_t r, i;
  CHECK(x && moved && score);
  CHECK(lemmabench_sample(law, 60, 8, 1, x) == LEMMABENCH_OK);
  CHECK(lemmabench_score(law, 60, 8, x, score) == LEMMABENCH_OK);
  for (i = 0; i < d; ++i) {
    memcpy(moved, x, 8 * d * sizeof(double));
    for (r = 0; r < 8; ++r) moved[r * d + i] = x[r * d + i] + h;
    CHECK(lemmabench_log_density(law, 60, 8, moved, above) == LEMMABENCH_OK);
    for (r = 0; r < 8; ++r) moved[r * d + i] = x[r * d + i] - h;
    CHECK(lemmabench_log_density(law, 60, 8, moved, below) == LEMMABENCH_OK);
    for (r = 0; r < 8; ++r) {
      /* h^2 and rounding 1e-15/h: 1e-8 observed */
      CHECK(fabs((above[r] - below[r]) / (2 * h) - score[r * d + i]) < 1e-6);
    }
  }
  free(x);
  free(moved);
  free(score);
  lemmabench_close(law);
}

/* Draws do not depend on how many are asked for, and have the law's mean and variance. */
static void check_samples(void) {
  enum { kRows = 20000 };
  static double many[kRows], few[10], other[10];
  lemmabench_law* law = open_law("gaussian:dim=1,variance=4,mean=3", 100);
  double mean = 0, square = 0;
  int i;
  CHECK(lemmabench_sample(law, 0, kRows, 5, many) == LEMMABENCH_OK);
  CHECK(lemmabench_sample(law, 0, 10, 5, few) == LEMMABENCH_OK);
  CHECK(lemmabench_sample(law, 0, 10, 6, other) == LEMMABENCH_OK);
  CHECK(memcmp(many, few, sizeof few) == 0);
  CHECK(memcmp(many, many + 256, sizeof few) != 0); /* the next block is another */
  CHECK(memcmp(few, other, sizeof few) != 0);
  for (i = 0; i < kRows; ++i) mean += many[i] / kRows;
  for (i = 0; i < kRows; ++i) square += (many[i] - mean) * (many[i] - mean) / kRows;
  /* five standard errors: 2/sqrt(n) and 4 sqrt(2/n) */
  CHECK(fabs(mean - 3) < 0.071 && fabs(square - 4) < 0.2);
  lemmabench_close(law);
}

/* N(3, 4) + sigma Z = N(3, 4 + sigma^2): score -(x-3)/w, denoiser 3 + 4 (x-3)/w, w = 4 + sigma^2. */
static void check_any_level(void) {
  enum { kRows = 300 };
  static const double sigmas[] = {1e-3, 0.5, 80};
  static double x[kRows], score[kRows], logarithm[kRows], clean[kRows];
  lemmabench_law* law = open_law("gaussian:dim=1,variance=4,mean=3", 100);
  size_t s, r;
  for (s = 0; s < 3; ++s) {
    const double sigma = sigmas[s], w = 4 + sigma * sigma;
    double square = 0;
    CHECK(lemmabench_sample_at(law, sigma, kRows, 9, x) == LEMMABENCH_OK);
    CHECK(lemmabench_score_at(law, sigma, kRows, x, score) == LEMMABENCH_OK);
    CHECK(lemmabench_log_density_at(law, sigma, kRows, x, logarithm) == LEMMABENCH_OK);
    CHECK(lemmabench_denoise(law, sigma, kRows, x, clean) == LEMMABENCH_OK);
    for (r = 0; r < kRows; ++r) {
      const double gap = x[r] - 3;
      /* a few roundings of numbers of the size of x: 1e-15 (1 + |x|) */
      CHECK(fabs(score[r] + gap / w) <= 1e-14 * (1 + fabs(x[r])) / w);
      CHECK(fabs(clean[r] - 3 - 4 * gap / w) <= 1e-14 * (1 + fabs(x[r])));
      CHECK(fabs(logarithm[r] + gap * gap / (2 * w) + log(8 * atan(1) * w) / 2) < 1e-12);
      square += gap * gap / w / kRows;
    }
    /* five standard errors of the mean square of N(0, 1) */
    CHECK(fabs(square - 1) < 5 * sqrt(2.0 / kRows));
  }
  lemmabench_close(law);
}

enum { kThreads = 4, kLevels = 100, kPoints = 20 };
struct task {
  lemmabench_law* law;
  long first;
  double scores[kLevels][kPoints];
};

/* A call that fails, then scores at kLevels levels, each task in an order of its own. */
static void* all_levels(void* argument) {
  struct task* task = argument;
  double x[kPoints];
  long i;
  for (i = 0; i < kPoints; ++i) x[i] = 0.2 * (double)(i - 10);
  if (lemmabench_score(task->law, 0, kPoints, x, x) == LEMMABENCH_OK) return task;
  for (i = 0; i < kLevels; ++i) {
    const long t = (task->first + i) % kLevels;
    if (lemmabench_score(task->law, t + 1, kPoints, x, task->scores[t]) != LEMMABENCH_OK) {
      return task;
    }
  }
  return NULL;
}

/* Threads on one law get what one of them gets alone, and each its own text of an error. */
static void check_threads(void) {
  static struct task tasks[kThreads], alone;
  pthread_t threads[kThreads];
  void* failed;
  int i;
  lemmabench_law* law = open_law("student-t:dim=1,nu=3", kLevels);
  alone.law = law;
  CHECK(all_levels(&alone) == NULL);
  CHECK(lemmabench_open("nothing", "li-cai", 100, &law) != LEMMABENCH_OK);
  for (i = 0; i < kThreads; ++i) {
    tasks[i].law = alone.law;
    tasks[i].first = 13 * i;
    CHECK(pthread_create(&threads[i], NULL, all_levels, &tasks[i]) == 0);
  }
  for (i = 0; i < kThreads; ++i) {
    CHECK(pthread_join(threads[i], &failed) == 0 && failed == NULL);
    CHECK(memcmp(tasks[i].scores, alone.scores, sizeof alone.scores) == 0);
  }
  CHECK(strstr(lemmabench_last_error(), "nothing") != NULL); /* not those threads' */
  lemmabench_close(alone.law);
}

static void check_error(int code, int wanted, const char* words) {
  CHECK(code == wanted);
  CHECK(strstr(lemmabench_last_error(), words) != NULL);
  CHECK(strchr(lemmabench_last_error(), '\n') == NULL);
}

static void check_errors(void) {
  lemmabench_law* law = (lemmabench_law*)1;
  double x[5] = {0, 0, 0, 0, 0}, out[5];
  check_error(lemmabench_open("gauss-flt", "li-cai", 100, &law), LEMMABENCH_BAD_INPUT,
              "unknown target");
  CHECK(law == NULL);
  check_error(lemmabench_open("gauss-flat", "li-ca", 100, &law), LEMMABENCH_BAD_INPUT,
              "unknown schedule");
  check_error(lemmabench_open("gauss-flat", "li-cai", 1, &law), LEMMABENCH_BAD_INPUT, "");
  check_error(lemmabench_open("gaussian:dim=5000,variance=1", "li-cai", 100, &law),
              LEMMABENCH_BAD_INPUT, "4096");
  check_error(lemmabench_open(NULL, "li-cai", 100, &law), LEMMABENCH_BAD_INPUT, "NULL");
  check_error(lemmabench_score(NULL, 1, 1, x, out), LEMMABENCH_BAD_INPUT, "NULL");
  CHECK(lemmabench_dim(NULL) == 0 && lemmabench_steps(NULL) == 0);
  law = open_law("gauss-flat", 100);
  check_error(lemmabench_score(law, 0, 1, x, out), LEMMABENCH_BAD_INPUT, "from 1 to 100");
  check_error(lemmabench_score(law, 101, 1, x, out), LEMMABENCH_BAD_INPUT, "from 1 to 100");
  check_error(lemmabench_sample(law, -1, 1, 1, out), LEMMABENCH_BAD_INPUT, "from 0 to 100");
  check_error(lemmabench_step(law, 1, x, out), LEMMABENCH_BAD_INPUT, "from 2 to 100");
  check_error(lemmabench_score_at(law, 0, 1, x, out), LEMMABENCH_BAD_INPUT, "sigma = 0");
  check_error(lemmabench_denoise(law, -1, 1, x, out), LEMMABENCH_BAD_INPUT, "sigma = -1");
  check_error(lemmabench_log_density_at(law, NAN, 1, x, out), LEMMABENCH_BAD_INPUT, "sigma = nan");
  check_error(lemmabench_sample_at(law, INFINITY, 1, 1, out), LEMMABENCH_BAD_INPUT, "sigma = inf");
  check_error(lemmabench_denoise(NULL, 1, 1, x, out), LEMMABENCH_BAD_INPUT, "NULL");
  x[3] = NAN;
  check_error(lemmabench_score(law, 1, 1, x, out), LEMMABENCH_BAD_INPUT, "not finite");
  CHECK(lemmabench_score(law, 1, 0, x, out) == LEMMABENCH_OK);
  lemmabench_close(law);
  lemmabench_close(NULL);
}

int main(void) {
  CHECK(strlen(lemmabench_version()) > 0);
  check_levels();
  check_gaussian();
  check_derivative("mixture-three");
  check_derivative("student-t:dim=4,nu=3");
  check_derivative("shell:dim=4,radius=1");
  check_derivative("hypercube:dim=6,separation=1,variance=0.1");
  check_derivative("cloud:means=-1/0;1/0,variances=0.25,factors=1/1;1/-1");
  check_samples();
  check_any_level();
  check_threads();
  check_errors();
  return 0;
}
