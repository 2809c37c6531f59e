/* What the machine can do at most: f32 FMA per second, and reading memory.
 *
 *   gcc -O3 -march=native -fopenmp limits.c -o limits
 *   OMP_NUM_THREADS=T ./limits [SECONDS-A-LINE]
 *
 * AVX-512 is used where -march=native has it. Each line is the best round.
 */
#include <immintrin.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __AVX512F__
typedef __m512 vec;
enum { LANES = 16 };
#define FMA _mm512_fmadd_ps
#define SET _mm512_set1_ps
#define ADD _mm512_add_ps
#define LOAD _mm512_load_ps
#else
typedef __m256 vec;
enum { LANES = 8 };
#define FMA _mm256_fmadd_ps
#define SET _mm256_set1_ps
#define ADD _mm256_add_ps
#define LOAD _mm256_load_ps
#endif

static volatile float sink;

/* Twelve sums in registers by name: an array of them would go to memory. */
static void fma_run(long n)
{
    vec a = SET(0), b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
    vec x = SET(0.999f), y = SET(1e-6f);
    for (long t = 0; t < n; t++) {
#define STEP(r) r = FMA(r, x, y); __asm__("" : "+x"(r));
        STEP(a) STEP(b) STEP(c) STEP(d) STEP(e) STEP(f)
        STEP(g) STEP(h) STEP(i) STEP(j) STEP(k) STEP(l)
    }
    a = ADD(ADD(ADD(a, b), ADD(c, d)), ADD(ADD(e, f), ADD(g, h)));
    a = ADD(a, ADD(ADD(i, j), ADD(k, l)));
    float out[LANES];
    memcpy(out, &a, sizeof out);
    sink = out[0];
}

static void read_run(const float *p, size_t n)
{
    vec r[8];
    for (int j = 0; j < 8; j++) r[j] = SET(0);
    for (size_t i = 0; i < n; i += 8 * LANES) {
#pragma GCC unroll 8
        for (int j = 0; j < 8; j++) r[j] = ADD(r[j], LOAD(p + i + j * LANES));
    }
    for (int j = 1; j < 8; j++) r[0] = ADD(r[0], r[j]);
    float out[LANES];
    memcpy(out, &r[0], sizeof out);
    sink = out[0];
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? atof(argv[1]) : 2;
    int threads = omp_get_max_threads();
    double best = 0, start = omp_get_wtime();
    const long n = 1000000;
    do {
        double t = omp_get_wtime();
#pragma omp parallel
        fma_run(n);
        t = omp_get_wtime() - t;
        double rate = 2.0 * LANES * 12 * n * threads / t * 1e-9;
        if (rate > best) best = rate;
    } while (omp_get_wtime() - start < seconds);
    printf("%d threads: f32 FMA, %d lanes: %.1f GF/s\n", threads, LANES, best);

    static const size_t kib[] = {16, 256, 1024, 4096, 16384, 262144};
    for (int s = 0; s < 6; s++) {
        size_t floats = kib[s] * 256;                      /* for each thread */
        float **buffers = calloc(threads, sizeof *buffers);
#pragma omp parallel
        {
            float *p = aligned_alloc(4096, floats * 4);
            for (size_t i = 0; i < floats; i++) p[i] = 1;
            buffers[omp_get_thread_num()] = p;
        }
        int calls = (int)(65536 / kib[s]) + 1;
        best = 0;
        start = omp_get_wtime();
        do {
            double t = omp_get_wtime();
#pragma omp parallel
            for (int i = 0; i < calls; i++) read_run(buffers[omp_get_thread_num()], floats);
            t = omp_get_wtime() - t;
            double rate = 4.0 * floats * calls * threads / t * 1e-9;
            if (rate > best) best = rate;
        } while (omp_get_wtime() - start < seconds);
        printf("%d threads: read, %zu KiB each: %.1f GB/s\n", threads, kib[s], best);
        for (int i = 0; i < threads; i++) free(buffers[i]);
        free(buffers);
    }
}
