#!/usr/bin/env python3
"""Writes tests/Armillary.Tests/Engine/memory-operations.txt from the results of the EL1 oracle.

    QEMU_SYSTEM_AARCH64=qemu-system-aarch64 mops.py

What a process does not see of FEAT_MOPS, and blocks of more than a page. QEMU 10.0.
"""
import random
import sys
from pathlib import Path

sys.dont_write_bytecode = True
import el1
import oracle

FILE = Path(__file__).resolve().parents[2] / "tests/Armillary.Tests/Engine/memory-operations.txt"
HEADER = """\
# Memory copies and sets: what an independent CPU (qemu-system-aarch64) does. Written by eng/instruction-tests/mops.py; do not
# edit by hand. MemoryCopyAndSetTests.cs reads it.
#
# EL, SCTLR_EL1.MSCEn, NZCV, the instruction, Xd, Xs and Xn => ESR_EL1, NZCV, Xd, Xs and Xn
"""
MSCEN = 1 << 33
MASK = (1 << 64) - 1
DATA = 0x50100000
SIZES = [0, 1, 100, 4095, 4096, 4097, 8191, 8192, 8193, 0x4321]


def words():
    """(kind, phase, word) of every option, with registers at random."""
    rng = random.Random("registers")
    for kind in ("cpyf", "cpy", "set"):
        for phase in range(3):
            for option in range(4 if kind == "set" else 16):
                d, s, n = rng.sample(range(31), 3)
                if kind == "set":
                    word = 0x19C00400 | phase << 14 | option << 12
                else:
                    word = (0x19000400 if kind == "cpyf" else 0x1D000400) | phase << 22 | option << 12
                yield kind, "pme"[phase], option, word | s << 16 | n << 5 | d


def cases():
    rng = random.Random("values")
    for kind, phase, option, word in words():
        def one(el, enabled, nzcv, size, target, source):
            left = size
            if phase != "p":
                backward = kind == "cpy" and source < target < source + size
                if not backward:
                    target, source, left = target + size, source + size, -size & MASK
            if kind == "set":
                source = 0xFEDCBA9876543210
            return el, enabled, nzcv, word, target, source, left

        for el in (0, 1):
            where = DATA + rng.randrange(0x10000), DATA + 0x20000 + rng.randrange(0x10000)
            yield one(el, 0, 0, 0x345, *where)                         # EL0 may not
            for size in (0, 1, 5000):
                yield one(el, 1, 2 | rng.randrange(16), size, *where)   # the other option
            yield one(el, 1, 0, 0x1000, *where)                         # too much for an epilogue
            size = rng.choice(SIZES)
            yield one(el, 1, rng.randrange(16) & ~2, size, *where)
            if kind != "set":
                size = rng.choice(SIZES)
                yield one(el, 1, rng.randrange(16) & ~2, size, where[0] + rng.randrange(1, size + 2), where[0])
                yield one(el, 1, rng.randrange(16) & ~2, size, where[0], where[0] + rng.randrange(size + 1))
        if phase == "p":
            for size in (1 << 63, MASK, 1 << 55, (1 << 55) - 1, (1 << 63) - 1):
                yield one(1, 1, 0, size, *where)
                yield one(1, 1, 0, size, where[1], where[0])


def main():
    every = list(dict.fromkeys(cases()))
    runs = []
    for el, enabled, nzcv, word, target, source, size in every:
        x = [0] * 31
        x[word & 31], x[word >> 16 & 31], x[word >> 5 & 31] = target, source, size
        runs.append(el1.Case([word], x=x, state=(el1.EL1 if el else el1.EL0) | nzcv << 28, sctlr=MSCEN * enabled))
    lines = [HEADER.rstrip()]
    texts = oracle.disassemble([case[3] for case in every])
    for case, text, r in zip(every, texts, el1.run(runs)):
        el, enabled, nzcv, word, *values = case
        after = [r.x[word & 31], r.x[word >> 16 & 31], r.x[word >> 5 & 31]]
        lines.append(f"EL{el} {enabled} {nzcv:x} {word:08x} {' '.join(f'{v:x}' for v in values)} => {r.esr:x} {r.spsr >> 28:x} "
                     f"{' '.join(f'{v:x}' for v in after)} # {text}")
    FILE.write_text("\n".join(lines) + "\n")
    print(f"{len(every)} cases")


if __name__ == "__main__":
    main()
