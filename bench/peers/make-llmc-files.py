#!/usr/bin/env python3
"""Writes what llm.c's train_gpt2 reads, with random weights and tokens.

    make-llmc-files.py FOLDER [--layers 6 --width 384 --heads 6 --vocab 4096
        --context 256 --tokens 100000 --seed 1]

FOLDER/gpt2_124M.bin (the name train_gpt2.c has fixed) and the two token
shards under FOLDER/dev/data/tinyshakespeare/. Needs numpy only.
"""
import argparse
import os

import numpy as np


def main():
    p = argparse.ArgumentParser()
    p.add_argument("folder")
    p.add_argument("--layers", type=int, default=6)
    p.add_argument("--width", type=int, default=384)
    p.add_argument("--heads", type=int, default=6)
    p.add_argument("--vocab", type=int, default=4096)
    p.add_argument("--context", type=int, default=256)
    p.add_argument("--tokens", type=int, default=100000)
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    n, c, random = a.layers, a.width, np.random.default_rng(a.seed)
    padded = -(-a.vocab // 128) * 128

    def normal(size):
        return (random.standard_normal(size, np.float32) * np.float32(0.02))

    def ones(size):
        return np.ones(size, np.float32)

    def zeros(size):
        return np.zeros(size, np.float32)

    # the order of train_gpt2.c's ParameterTensors
    parameters = [
        normal(padded * c), normal(a.context * c),
        ones(n * c), zeros(n * c),                     # first norm
        normal(n * 3 * c * c), zeros(n * 3 * c),       # query, key, value
        normal(n * c * c), zeros(n * c),               # attention's projection
        ones(n * c), zeros(n * c),                     # second norm
        normal(n * 4 * c * c), zeros(n * 4 * c),       # feed-forward, up
        normal(n * c * 4 * c), zeros(n * c),           # and down
        ones(c), zeros(c),                             # last norm
    ]
    header = np.zeros(256, np.int32)
    header[:8] = [20240326, 3, a.context, a.vocab, n, a.heads, c, padded]
    shards = os.path.join(a.folder, "dev", "data", "tinyshakespeare")
    os.makedirs(shards, exist_ok=True)
    with open(os.path.join(a.folder, "gpt2_124M.bin"), "wb") as f:
        f.write(header.tobytes())
        for w in parameters:
            f.write(w.tobytes())
    for part in ("train", "val"):
        header = np.zeros(256, np.int32)
        header[:3] = [20240520, 1, a.tokens]
        with open(os.path.join(shards, f"tiny_shakespeare_{part}.bin"), "wb") as f:
            f.write(header.tobytes())
            f.write(random.integers(0, a.vocab, a.tokens, np.uint16).tobytes())
    print(f"{sum(w.size for w in parameters) / 1e6:.2f} M parameters")


main()
