#!/usr/bin/env python3
"""Times PyTorch's training steps of a small GPT (GPT-2 layout, f32, AdamW).

    OPENBLAS_NUM_THREADS=T torch-step.py --threads T --batch B [--steps 8
        --layers 6 --width 384 --heads 6 --vocab 4096 --context 256]

torch.set_num_threads alone does not bind OpenBLAS: give the variable too.
Prints every step, then the median and the best in tokens per second, by the
clock and by CPU time (the latter is what to read with one thread on a machine
that others use).
"""
import argparse
import statistics
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, width, heads, context):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        mask = torch.ones(context, context, dtype=torch.bool).tril().logical_not()
        self.register_buffer("mask", mask)

    def forward(self, x):
        b, t, c = x.shape
        q, k, v = (y.view(b, t, self.heads, c // self.heads).transpose(1, 2)
                   for y in self.qkv(self.norm1(x)).split(c, 2))
        att = q @ k.transpose(-2, -1) * (c // self.heads) ** -0.5
        att = att.masked_fill(self.mask[:t, :t], float("-inf")).softmax(-1)
        x = x + self.proj((att @ v).transpose(1, 2).reshape(b, t, c))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Gpt(nn.Module):
    def __init__(self, a):
        super().__init__()
        self.tokens = nn.Embedding(a.vocab, a.width)
        self.places = nn.Embedding(a.context, a.width)
        self.blocks = nn.ModuleList(
            Block(a.width, a.heads, a.context) for _ in range(a.layers))
        self.norm = nn.LayerNorm(a.width)
        nn.init.normal_(self.tokens.weight, std=0.02)
        nn.init.normal_(self.places.weight, std=0.02)

    def forward(self, x, y):
        h = self.tokens(x) + self.places.weight[:x.shape[1]]
        for block in self.blocks:
            h = block(h)
        logits = self.norm(h) @ self.tokens.weight.t()     # the head is tied
        return F.cross_entropy(logits.view(-1, logits.shape[-1]), y.reshape(-1))


def main():
    p = argparse.ArgumentParser()
    for name, n in [("threads", 1), ("batch", 4), ("steps", 8), ("layers", 6),
                    ("width", 384), ("heads", 6), ("vocab", 4096), ("context", 256)]:
        p.add_argument("--" + name, type=int, default=n)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(1)
    model = Gpt(a)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
    n = sum(w.numel() for w in model.parameters())
    print(f"torch {torch.__version__}, {a.threads} threads, batch {a.batch}, "
          f"{n / 1e6:.2f} M parameters")
    clock, cpu = [], []
    for step in range(a.steps + 2):                        # two to warm up
        data = torch.randint(a.vocab, (a.batch, a.context + 1))
        t0, c0 = time.perf_counter(), time.process_time()
        loss = model(data[:, :-1], data[:, 1:])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        t, c = time.perf_counter() - t0, time.process_time() - c0
        print(f"step {step}: loss {loss.item():.3f}, {t:.3f} s, CPU {c:.3f} s")
        if step > 1:
            clock.append(t)
            cpu.append(c)
    per = a.batch * a.context
    print(f"median {per / statistics.median(clock):.0f} tok/s, "
          f"best {per / min(clock):.0f} tok/s; by CPU time: "
          f"median {per / statistics.median(cpu):.0f} tok/s per core, "
          f"best {per / min(cpu):.0f}")


main()
