#!/usr/bin/env python3
"""Writes a Llama model of random weights as GGUF (F32), for timing engines.

    make-llama-gguf.py OUT.gguf --vocab-from VOCAB.gguf [--layers 12 --width 768
        --heads 12 --kv-heads 12 --ffn 2048 --context 2048 --untied --seed 1]

The tokenizer's fields are copied from VOCAB.gguf as they are. Without
--untied there is no output.weight: the head is the embedding.
Needs numpy only.
"""
import argparse
import struct

import numpy as np

U32, F32, STRING, ARRAY = 4, 6, 8, 9
SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
ALIGNMENT = 32


def value_end(b, at, kind):
    """Where the value of this kind that starts at `at` ends."""
    if kind in SIZES:
        return at + SIZES[kind]
    if kind == STRING:
        return at + 8 + struct.unpack_from("<Q", b, at)[0]
    if kind == ARRAY:
        inner, n = struct.unpack_from("<IQ", b, at)
        at += 12
        if inner in SIZES:
            return at + n * SIZES[inner]
        for _ in range(n):
            at = value_end(b, at, inner)
        return at
    raise ValueError(f"value of unknown kind {kind}")


def tokenizer_fields(path):
    """The bytes of every tokenizer.* field, and the number of tokens."""
    with open(path, "rb") as f:
        b = f.read()
    if b[:4] != b"GGUF":
        raise SystemExit(f"{path}: not a GGUF file")
    fields, tokens, at = [], 0, 24
    for _ in range(struct.unpack_from("<Q", b, 16)[0]):
        start = at
        n = struct.unpack_from("<Q", b, at)[0]
        name = b[at + 8:at + 8 + n].decode()
        at += 8 + n
        kind = struct.unpack_from("<I", b, at)[0]
        if name == "tokenizer.ggml.tokens":
            tokens = struct.unpack_from("<Q", b, at + 8)[0]
        at = value_end(b, at + 4, kind)
        if name.startswith("tokenizer."):
            fields.append(b[start:at])
    return fields, tokens


def text(s):
    return struct.pack("<Q", len(s.encode())) + s.encode()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("out")
    p.add_argument("--vocab-from", required=True)
    p.add_argument("--layers", type=int, default=12)
    p.add_argument("--width", type=int, default=768)
    p.add_argument("--heads", type=int, default=12)
    p.add_argument("--kv-heads", type=int)
    p.add_argument("--ffn", type=int, default=2048)
    p.add_argument("--context", type=int, default=2048)
    p.add_argument("--untied", action="store_true")
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    kv_heads = a.kv_heads or a.heads
    head = a.width // a.heads

    tokenizer, vocab = tokenizer_fields(a.vocab_from)
    fields = [
        text("general.architecture") + struct.pack("<I", STRING) + text("llama"),
        text("general.name") + struct.pack("<I", STRING)
        + text(f"random {a.layers}x{a.width}"),
        text("general.file_type") + struct.pack("<II", U32, 0),
        text("llama.attention.layer_norm_rms_epsilon") + struct.pack("<If", F32, 1e-5),
        text("llama.rope.freq_base") + struct.pack("<If", F32, 10000.0),
    ]
    for name, n in [("vocab_size", vocab), ("context_length", a.context),
                    ("embedding_length", a.width), ("block_count", a.layers),
                    ("feed_forward_length", a.ffn), ("rope.dimension_count", head),
                    ("attention.head_count", a.heads),
                    ("attention.head_count_kv", kv_heads)]:
        fields.append(text("llama." + name) + struct.pack("<II", U32, n))
    fields += tokenizer

    tensors = [("token_embd.weight", (vocab, a.width))]   # rows, columns
    for i in range(a.layers):
        tensors += [(f"blk.{i}.{n}.weight", s) for n, s in [
            ("attn_norm", (a.width,)),
            ("attn_q", (a.width, a.width)),
            ("attn_k", (kv_heads * head, a.width)),
            ("attn_v", (kv_heads * head, a.width)),
            ("attn_output", (a.width, a.width)),
            ("ffn_norm", (a.width,)),
            ("ffn_gate", (a.ffn, a.width)),
            ("ffn_up", (a.ffn, a.width)),
            ("ffn_down", (a.width, a.ffn))]]
    tensors.append(("output_norm.weight", (a.width,)))
    if a.untied:
        tensors.append(("output.weight", (vocab, a.width)))

    def padded(n):
        return -(-n // ALIGNMENT) * ALIGNMENT

    table, offset, weights = b"", 0, 0
    for name, shape in tensors:
        n = int(np.prod(shape))
        table += text(name) + struct.pack("<I", len(shape))
        table += struct.pack(f"<{len(shape)}Q", *reversed(shape))
        table += struct.pack("<IQ", 0, offset)
        offset = padded(offset + 4 * n)
        weights += n

    random = np.random.default_rng(a.seed)
    with open(a.out, "wb") as f:
        f.write(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(fields)))
        f.write(b"".join(fields) + table)
        f.write(bytes(padded(f.tell()) - f.tell()))
        for name, shape in tensors:
            if name.endswith("norm.weight"):
                w = np.ones(shape, np.float32)
            else:   # one over the square root of the inputs keeps the logits lively
                w = random.standard_normal(shape, np.float32)
                w *= np.float32(shape[1] ** -0.5)
            f.write(w.tobytes())
            f.write(bytes(padded(f.tell()) - f.tell()))
    print(f"{a.out}: {weights / 1e6:.1f} M weights, vocabulary {vocab}")


main()
