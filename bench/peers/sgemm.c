/* Times single-precision matrix products of one library.
 *
 *   gcc -O2 sgemm.c -o sgemm-openblas -lopenblas -lm
 *   gcc -O2 -DONEDNN sgemm.c -o sgemm-onednn -ldnnl -lm
 *   OPENBLAS_NUM_THREADS=T ./sgemm-openblas [SECONDS-A-SHAPE]
 *   OMP_NUM_THREADS=T ./sgemm-onednn [SECONDS-A-SHAPE]
 *
 * One library to a program: OpenBLAS's threads keep spinning after a call and
 * would slow the other's. Row-major; layout NT means that B lies as N x K, TN
 * that A lies as K x M. For every shape: GF/s by the clock (best and median
 * round) and by CPU time (all rounds; with one thread this is the one to read
 * on a machine that others use), and the largest error against a plain loop.
 */
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef ONEDNN
#include <dnnl.h>
#else
#include <cblas.h>
#endif

static void product(int m, int n, int k, int ta, int tb, const float *a, const float *b, float *c)
{
    int lda = ta ? m : k, ldb = tb ? k : n;
#ifdef ONEDNN
    dnnl_sgemm(ta ? 'T' : 'N', tb ? 'T' : 'N', m, n, k, 1, a, lda, b, ldb, 0, c, n);
#else
    cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans,
                m, n, k, 1, a, lda, b, ldb, 0, c, n);
#endif
}

static double now(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static int ascending(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static float *matrix(size_t n)
{
    float *p = aligned_alloc(64, (n * 4 + 63) / 64 * 64);
    for (size_t i = 0; i < n; i++) p[i] = (float)rand() / RAND_MAX - 0.5f;
    return p;
}

int main(int argc, char **argv)
{
    static const struct { int m, n, k; const char *layout, *what; } shapes[] = {
        {256, 256, 256, "NN", ""}, {512, 512, 512, "NN", ""},
        {1024, 1024, 1024, "NN", ""}, {2048, 2048, 2048, "NN", ""},
        {1024, 1536, 384, "NN", "fwd"}, {1024, 1536, 384, "NT", "fwd, W as N x K"},
        {1024, 384, 1536, "NT", "dX"}, {384, 1536, 1024, "TN", "dW"},
        {64, 1536, 384, "NN", ""}, {8, 1536, 384, "NN", ""}, {8, 2048, 512, "NT", ""},
    };
    double seconds = argc > 1 ? atof(argv[1]) : 1;

    printf("%-24s %8s %8s %8s %8s %9s\n", "M x N x K, layout", "best", "median", "CPU", "rounds", "error");
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        int m = shapes[s].m, n = shapes[s].n, k = shapes[s].k;
        int ta = shapes[s].layout[0] == 'T', tb = shapes[s].layout[1] == 'T';
        float *a = matrix((size_t)m * k), *b = matrix((size_t)k * n), *c = matrix((size_t)m * n);

        double flops = 2.0 * m * n * k, error = 0;
        for (int i = 0; i < 3; i++) product(m, n, k, ta, tb, a, b, c);
        for (int i = 0; i < 200; i++) {
            int row = rand() % m, col = rand() % n;
            double sum = 0;
            for (int j = 0; j < k; j++)
                sum += (double)(ta ? a[(size_t)j * m + row] : a[(size_t)row * k + j])
                     * (tb ? b[(size_t)col * k + j] : b[(size_t)j * n + col]);
            error = fmax(error, fabs(sum - c[(size_t)row * n + col]));
        }
        /* a round is long enough for the clock, about 2 ms at 50 GF/s */
        int calls = (int)(1e8 / flops) + 1, rounds = 0;
        static double took[1 << 20];
        double start = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
        do {
            double t = now(CLOCK_MONOTONIC);
            for (int i = 0; i < calls; i++) product(m, n, k, ta, tb, a, b, c);
            took[rounds++] = now(CLOCK_MONOTONIC) - t;
        } while (rounds < 5 || (now(CLOCK_MONOTONIC) - start < seconds && rounds < 1 << 20));
        cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        qsort(took, rounds, sizeof *took, ascending);
        char name[64];
        snprintf(name, sizeof name, "%dx%dx%d %s", m, n, k, shapes[s].layout);
        printf("%-24s %8.1f %8.1f %8.1f %8d %9.1e  %s\n", name, 1e-9 * flops * calls / took[0],
               1e-9 * flops * calls / took[rounds / 2], 1e-9 * flops * calls * rounds / cpu, rounds,
               error, shapes[s].what);
        fflush(stdout);
        free(a); free(b); free(c);
    }
}
