// Prints llama.cpp's logits at every position for the token ids given.
//   llama-dumplogits [-t THREADS] MODEL.gguf ID ID ID ...
// One line a position: "POSITION ID : logit logit ..." in nine digits, enough
// to give every float back. The KV cache is f32 and flash attention is off,
// so that the reference is rounded as little as the weights allow.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "llama.h"

int main(int argc, char ** argv) {
    int at = 1, threads = 1;
    if (argc > 2 && strcmp(argv[1], "-t") == 0) {
        threads = atoi(argv[2]);
        at = 3;
    }
    if (argc < at + 2) {
        fprintf(stderr, "usage: %s [-t THREADS] MODEL.gguf ID ID ...\n", argv[0]);
        return 2;
    }
    const char * path = argv[at++];
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
    p.n_ctx = p.n_batch = p.n_ubatch = ids.size();
    p.n_threads = p.n_threads_batch = threads;
    p.type_k = p.type_v = GGML_TYPE_F32;
    llama_context * ctx = llama_init_from_model(model, p);
    if (!ctx) return 1;

    llama_batch batch = llama_batch_init(ids.size(), 0, 1);
    batch.n_tokens = ids.size();
    for (size_t i = 0; i < ids.size(); i++) {
        batch.token[i] = ids[i];
        batch.pos[i] = i;
        batch.n_seq_id[i] = 1;
        batch.seq_id[i][0] = 0;
        batch.logits[i] = true;
    }
    if (llama_decode(ctx, batch)) return 1;
    for (size_t i = 0; i < ids.size(); i++) {
        const float * logits = llama_get_logits_ith(ctx, i);
        printf("%zu %d :", i, ids[i]);
        for (int v = 0; v < vocab; v++) printf(" %.9g", logits[v]);
        printf("\n");
    }
    llama_batch_free(batch);
    llama_free(ctx);
    llama_model_free(model);
}
