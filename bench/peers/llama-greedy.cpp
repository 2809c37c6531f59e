// Continues the token ids given with llama.cpp, always taking the likeliest.
//   llama-greedy [-t THREADS] MODEL.gguf N ID ID ID ...
// Prints the N ids that follow, on one line (it does not stop at an end
// token); tokens per second, prompt and continuation apart, go to stderr.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "ggml.h"
#include "llama.h"

int main(int argc, char ** argv) {
    int at = 1, threads = 1;
    if (argc > 2 && strcmp(argv[1], "-t") == 0) {
        threads = atoi(argv[2]);
        at = 3;
    }
    if (argc < at + 3) {
        fprintf(stderr, "usage: %s [-t THREADS] MODEL.gguf N ID ID ...\n", argv[0]);
        return 2;
    }
    const char * path = argv[at++];
    const int n = atoi(argv[at++]);
    std::vector<llama_token> ids;
    for (; at < argc; at++) ids.push_back(atoi(argv[at]));

    llama_log_set([](ggml_log_level level, const char * s, void *) {
        if (level == GGML_LOG_LEVEL_ERROR) fputs(s, stderr);
    }, nullptr);
    llama_backend_init();
    llama_model * model = llama_model_load_from_file(path, llama_model_default_params());
    if (!model) return 1;
    const int vocab = llama_vocab_n_tokens(llama_model_get_vocab(model));
    for (llama_token id : ids) {
        if (id < 0 || id >= vocab) {
            fprintf(stderr, "token %d is not below the vocabulary's %d\n", id, vocab);
            return 2;
        }
    }
    llama_context_params p = llama_context_default_params();
    p.n_ctx = ids.size() + n;
    p.n_batch = ids.size();
    p.n_threads = p.n_threads_batch = threads;
    p.type_k = p.type_v = GGML_TYPE_F32;
    llama_context * ctx = llama_init_from_model(model, p);
    if (!ctx) return 1;

    const int64_t start = ggml_time_us();
    int64_t prompt_end = start;
    llama_token next = 0;
    for (int i = 0; i < n; i++) {
        llama_batch batch = i == 0 ? llama_batch_get_one(ids.data(), ids.size())
                                   : llama_batch_get_one(&next, 1);
        if (llama_decode(ctx, batch)) return 1;
        const float * logits = llama_get_logits_ith(ctx, -1);
        next = std::max_element(logits, logits + vocab) - logits;
        if (i == 0) prompt_end = ggml_time_us();
        printf(i ? " %d" : "%d", next);
    }
    printf("\n");
    const int64_t end = ggml_time_us();
    fprintf(stderr, "prompt %.1f tok/s, continuation %.1f tok/s\n",
            ids.size() * 1e6 / std::max<int64_t>(prompt_end - start, 1),
            (n - 1) * 1e6 / std::max<int64_t>(end - prompt_end, 1));
    llama_free(ctx);
    llama_model_free(model);
}
