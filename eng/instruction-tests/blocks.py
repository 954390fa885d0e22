"""Memory copy and set (MOPS): each instruction alone, and the three of a block."""
import random

from oracle import WINDOW
from sequences import WRITTEN

FILE = "memory-copy-and-set"
LENGTHS = [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 40, 63, 64, 65]
COPY_OPTIONS = [u + t for t in ("", "wn", "rn", "n") for u in ("", "wt", "rt", "t")]
SET_OPTIONS = ["", "t", "n", "tn"]
MASK = (1 << 64) - 1


def cells_of(rng, *ranges):
    """Doublewords that cover the ranges of bytes."""
    cells = {}
    for start, length in ranges:
        for at in range(start & ~7, start + max(length, 1), 8):
            cells.setdefault((at, 8), rng.getrandbits(64))
    return cells


def registers(rng, count):
    return rng.sample(range(31), count)


def copy(phase_names, options, forward_only):
    name = ("cpyf" if forward_only else "cpy") + phase_names[0] + options
    rng = random.Random(" ".join(phase_names) + name)
    for _ in range(4 if len(phase_names) == 3 or not options else 1):
        length = rng.choice(LENGTHS)
        source = WINDOW + rng.randrange(0x200, 0xC00)
        overlap = rng.random() < 0.5 and not forward_only
        target = source + rng.randrange(-length, length + 1) if overlap else source + rng.choice((-0x180, 0x180)) + rng.randrange(16)
        d, s, n = registers(rng, 3)
        before = {f"x{d}": target, f"x{s}": source, f"x{n}": length, "nzcv": rng.randrange(16)}
        if phase_names[0] != "p":
            before["nzcv"] &= ~2  # C: the other option
            backward = not forward_only and source < target < source + length
            if not backward:
                before.update({f"x{d}": target + length, f"x{s}": source + length, f"x{n}": -length & MASK})
        before.update(cells_of(rng, (source, length), (target, length)))
        base = "cpyf" if forward_only else "cpy"
        lines = [f"{base}{phase}{options} [x{d}]!, [x{s}]!, x{n}!" for phase in phase_names]
        WRITTEN.append((FILE, lines[0].split()[0].upper() + (" and on" if len(lines) > 1 else ""), lines, before))


def fill(phase_names, options):
    rng = random.Random(" ".join(phase_names) + "set" + options)
    for _ in range(4 if len(phase_names) == 3 or not options else 2):
        length = rng.choice(LENGTHS)
        target = WINDOW + rng.randrange(0x200, 0xC00)
        d, s, n = registers(rng, 3)
        before = {f"x{d}": target, f"x{n}": length, "nzcv": rng.randrange(16)}
        value = f"x{s}"
        if rng.random() < 0.2:
            value = "xzr"
        else:
            before[value] = rng.getrandbits(64)
        if phase_names[0] != "p":
            before["nzcv"] &= ~2
            before.update({f"x{d}": target + length, f"x{n}": -length & MASK})
        before.update(cells_of(rng, (target, length)))
        lines = [f"set{phase}{options} [x{d}]!, x{n}!, {value}" for phase in phase_names]
        WRITTEN.append((FILE, lines[0].split()[0].upper() + (" and on" if len(lines) > 1 else ""), lines, before))


for forward_only in (True, False):
    for option in COPY_OPTIONS:
        for phases in ("p", "m", "e", "pme"):
            copy(phases, option, forward_only)
for option in SET_OPTIONS:
    for phases in ("p", "m", "e", "pme"):
        fill(phases, option)
