#!/usr/bin/env python3
"""Writes tests/Armillary.Tests/Instructions/pointer-authentication.ins.

    QEMU_SYSTEM_AARCH64=qemu-system-aarch64 pauth.py

The keys of a Linux process cannot be read, so these cases come from the EL1 oracle and not from generate.py's; the format is
the same, with system registers in the state before. Needs QEMU 10, whose `max` has FEAT_FPACCOMBINE and QARMA5.

QEMU 10.0 aborts on BRAA and BRAB (an assertion in gen_pc_plus_diff), so those that go well are run on an older one, which
QEMU_SYSTEM_AARCH64_7 names: what it lacks, FEAT_PAuth2, makes no difference to pointers of the lower half.
"""
import random
import sys

sys.dont_write_bytecode = True
import el1
import oracle
from generate import FOLDER, MASK, order

FILE = "pointer-authentication"
HEADER = """\
# Instruction tests: the format is documented in InstructionFile.cs.
# Written by eng/instruction-tests/pauth.py from the results of an independent CPU (qemu-system-aarch64) and the text of GNU
# objdump; do not edit by hand.
"""
ENABLE = {"ia": 1 << 31, "ib": 1 << 30, "da": 1 << 27, "db": 1 << 13}
KEYS = ("ia", "ib", "da", "db")
SP, ZR = 31, 31
TARGET = 0x80  # of branches, from the first instruction: a BRK


class Unfit(Exception):
    """The architecture and QEMU differ here, or the case cannot be."""


def sign(key, d, n, authenticate=False, zero=False):
    return 0xDAC10000 | zero << 13 | authenticate << 12 | KEYS.index(key) << 10 | (31 if zero else n) << 5 | d


def strip(data, d):
    return 0xDAC143E0 | data << 10 | d


def pacga(d, n, m):
    return 0x9AC03000 | m << 16 | n << 5 | d


def hint(number):
    return 0xD503201F | number << 5


def branch(kind, key, n, m, zero=False):
    """kind 0 BRAA, 1 BLRAA, 2 RETAA."""
    z = 0 if zero or kind == 2 else 1
    return 0xD61F0800 | z << 24 | kind << 21 | KEYS.index(key) << 10 | n << 5 | (31 if zero else m)


def ret(key):
    return 0xD65F0BFF | KEYS.index(key) << 10


def ldra(key, t, n, offset, write_back):
    imm = offset >> 3 & 0x3FF
    return 0xF8200400 | (key == "db") << 23 | (imm >> 9) << 22 | (imm & 511) << 12 | write_back << 11 | n << 5 | t


class Maker:
    def __init__(self):
        self.rng = random.Random(FILE)
        self.cases = []

    def layout(self):
        rng = self.rng
        sizes = [rng.choice((16, 16, 16, 25, 28, 33, 39)) for _ in range(2)]
        if rng.random() < 0.6:
            sizes[1] = sizes[0]
        bits = sum(1 << b for b in (37, 38, 51, 52) if rng.random() < 0.4)
        return sizes[0] | sizes[1] << 16 | bits

    def pointer(self, tcr, data):
        rng = self.rng
        half = rng.getrandbits(1)
        bits = 64 - (tcr >> (16 if half else 0) & 63)
        value = rng.getrandbits(bits) | (MASK << bits & MASK if half else 0)
        kind = rng.randrange(8)
        if kind < 3:  # a tag
            value = value & MASK >> 8 | rng.getrandbits(8) << 56
        elif kind == 3:  # anything
            value = rng.getrandbits(64)
        elif kind == 4:
            value ^= 1 << rng.randrange(bits, 64)
        tags = [bool(tcr >> b & 1 and (data or not tcr >> (b + 14) & 1)) for b in (37, 38)]
        # QEMU chooses the half by bit 55 where Arm's InsertPAC() may take bit 63.
        if (value >> 55 ^ value >> 63) & 1 and (tags[0] != tags[1] or (not tags[0] and (tcr ^ tcr >> 16) & 63)):
            raise Unfit
        return value

    def keys(self, *names):
        return {f"ap{k}key{h}_el1": self.rng.getrandbits(64) for k in names for h in ("lo", "hi")}

    def add(self, comment, words, before, count_of=1):
        self.cases.append((comment, words, before))

    def repeat(self, comment, count, make):
        for _ in range(count):
            while True:
                try:
                    words, before = make()
                except Unfit:
                    continue
                self.cases.append((comment, words, before))
                break


def make_all():
    m = Maker()
    rng = m.rng
    registers = lambda n: rng.sample(range(30), n)

    def state(key, tcr, enabled=True, extra=()):
        before = m.keys(key, *extra)
        before["tcr_el1"] = tcr
        if enabled:
            before["sctlr_el1"] = ENABLE[key]
        return before

    for key in KEYS:
        name = key.upper()

        def one(authenticate, zero, enabled=True):
            tcr = m.layout()
            d, n = registers(2)
            before = state(key, tcr, enabled)
            before[f"x{d}"] = m.pointer(tcr, key[0] == "d")
            if not zero:
                if rng.random() < 0.2:
                    n, before["sp"] = SP, rng.getrandbits(60) << 4
                elif rng.random() < 0.1:
                    n = d
                else:
                    before[f"x{n}"] = rng.getrandbits(64)
            return [sign(key, d, n, authenticate, zero)], before

        def round_trip(zero, spoil=False):
            (words, before) = one(False, zero)
            word = words[0]
            if word >> 5 & 31 == word & 31:
                raise Unfit
            middle = []
            if spoil:  # EOR of one bit of the code, or of the address
                bit = rng.choice([54, 53, 50, 49, 48, rng.randrange(48)])
                middle = [0xD2400000 | ((64 - bit) & 63) << 16 | (word & 31) << 5 | word & 31]
            return [word, *middle, word | 1 << 12], before

        m.repeat(f"PAC{name}", 24, lambda: one(False, False))
        m.repeat(f"PAC{name[0]}Z{name[1]}", 8, lambda: one(False, True))
        m.repeat(f"AUT{name} of a pointer without the code", 8, lambda: one(True, False))
        m.repeat(f"PAC{name}, AUT{name}", 16, lambda: round_trip(False))
        m.repeat(f"PAC{name[0]}Z{name[1]}, AUT{name[0]}Z{name[1]}", 6, lambda: round_trip(True))
        m.repeat(f"PAC{name}, EOR, AUT{name}", 12, lambda: round_trip(False, True))
        m.repeat(f"PAC{name} and AUT{name} without SCTLR_EL1.En{name}", 3, lambda: one(False, False, False))
        m.repeat(f"AUT{name} without SCTLR_EL1.En{name}", 3, lambda: one(True, False, False))

    def other_key():
        a, b = rng.sample(KEYS, 2)
        tcr = m.layout()
        d, n = registers(2)
        before = state(a, tcr, extra=(b,))
        before["sctlr_el1"] |= ENABLE[b]
        before[f"x{d}"] = m.pointer(tcr & ~(3 << 51), True)
        before["tcr_el1"] = tcr & ~(3 << 51)
        before[f"x{n}"] = rng.getrandbits(64)
        return [sign(a, d, n), sign(b, d, n, True)], before

    m.repeat("signed by one key, authenticated by another", 8, other_key)

    def stripped(data):
        tcr = m.layout()
        (d,) = registers(1)
        return [strip(data, d)], {"tcr_el1": tcr, "sctlr_el1": ENABLE[rng.choice(KEYS)], f"x{d}": rng.getrandbits(64) if rng.random() < 0.6 else m.pointer(tcr, data)}

    # QEMU strips nothing while no key is enabled; the architecture's Strip() does not ask.
    m.repeat("XPACI", 16, lambda: stripped(0))
    m.repeat("XPACD", 16, lambda: stripped(1))

    def generic():
        d, n, k = registers(3)
        before = {**m.keys("ga"), f"x{n}": rng.getrandbits(64)}
        if rng.random() < 0.25:
            k, before["sp"] = SP, rng.getrandbits(60) << 4
        else:
            before[f"x{k}"] = rng.getrandbits(64)
        return [pacga(d, n, k)], before

    m.repeat("PACGA", 16, generic)
    # The test vector of the QARMA paper (ePrint 2016/444, appendix): QARMA5-64 with S-box sigma 2 gives c003b93999b33765.
    m.cases.append(("PACGA", [pacga(2, 0, 1)], {"apgakeylo_el1": 0xEC2802D4E0A488E9, "apgakeyhi_el1": 0x84BE85CE9804E94B,
                                                 "x0": 0xFB623599DA6E8127, "x1": 0x477D469DEC0B8762}))

    for number, text, key, pointer, modifier in (
            (7, "XPACLRI", None, 30, None), (8, "PACIA1716", "ia", 17, 16), (10, "PACIB1716", "ib", 17, 16),
            (12, "AUTIA1716", "ia", 17, 16), (14, "AUTIB1716", "ib", 17, 16), (24, "PACIAZ", "ia", 30, None),
            (25, "PACIASP", "ia", 30, "sp"), (26, "PACIBZ", "ib", 30, None), (27, "PACIBSP", "ib", 30, "sp"),
            (28, "AUTIAZ", "ia", 30, None), (29, "AUTIASP", "ia", 30, "sp"), (30, "AUTIBZ", "ib", 30, None),
            (31, "AUTIBSP", "ib", 30, "sp")):
        def hinted(enabled=True):
            tcr = m.layout()
            before = state(key, tcr, enabled) if key else {"tcr_el1": tcr, "sctlr_el1": ENABLE[rng.choice(KEYS)]}
            before[f"x{pointer}"] = m.pointer(tcr, False)
            if modifier == "sp":
                before["sp"] = rng.getrandbits(60) << 4
            elif modifier:
                before[f"x{modifier}"] = rng.getrandbits(64)
            words = [hint(number)]
            if text.startswith("AUT") and rng.random() < 0.7:
                words = [hint(number - 4), hint(number)]
            return words, before

        m.repeat(text, 6, hinted)
        if key:
            m.repeat(f"{text} without SCTLR_EL1.En{key.upper()}", 2, lambda: hinted(False))

    for key in ("ia", "ib"):
        name = key.upper()[1]

        def jump(kind, zero, spoil=False, enabled=True):
            tcr = rng.choice((16, 16, 25, 33)) | 16 << 16 | (rng.getrandbits(1) << 37) | (rng.random() < 0.3) << 51
            before = state(key, tcr, enabled)
            target = el1.CODE + TARGET
            if tcr >> 37 & 1 and not tcr >> 51 & 1:
                target |= rng.getrandbits(8) << 56
            if kind == 2:
                before["x30"], before["sp"] = target, rng.getrandbits(60) << 4
                words = [hint(25 if key == "ia" else 27), ret(key)]
                pointer = 30
            else:
                n, k = registers(2)
                before[f"x{n}"] = target
                if rng.random() < 0.3:
                    k, before["sp"] = SP, rng.getrandbits(60) << 4
                elif not zero:
                    before[f"x{k}"] = rng.getrandbits(64)
                words = [sign(key, n, k, False, zero), branch(kind, key, n, k, zero)]
                pointer = n
                if zero:
                    before.pop("sp", None)
            if spoil:
                words.insert(1, 0xD2400000 | ((64 - rng.choice((53, 50, 48, 7))) & 63) << 16 | pointer << 5 | pointer)
            return words, before

        for kind, text in enumerate(("BRA", "BLRA")):
            m.repeat(f"PACI{name}, {text}{name}", 6, lambda: jump(kind, False))
            m.repeat(f"PACIZ{name}, {text}{name}Z", 4, lambda: jump(kind, True))
            m.repeat(f"PACI{name}, EOR, {text}{name}", 4, lambda: jump(kind, kind == 0 or rng.random() < 0.5, True))
            m.repeat(f"{text}{name} without SCTLR_EL1.EnI{name}", 2, lambda: jump(kind, False, False, False))
        m.repeat(f"PACI{name}SP, RETA{name}", 6, lambda: jump(2, False))
        m.repeat(f"PACI{name}SP, EOR, RETA{name}", 4, lambda: jump(2, False, True))
        m.repeat(f"RETA{name} without SCTLR_EL1.EnI{name}", 2, lambda: jump(2, False, False, False))

    for key in ("da", "db"):
        name = key.upper()[1]

        def load(write_back, stack=False, spoil=False, enabled=True):
            tcr = rng.choice((16, 16, 25, 33)) | 16 << 16 | (rng.getrandbits(1) << 37) | (rng.random() < 0.3) << 51
            before = state(key, tcr, enabled)
            t, n = registers(2)
            offset = rng.choice((-4096, -8, 0, 8, 16, 4088))
            cell = el1.WINDOW + 8 * rng.randrange(8)
            before[(cell, 8)] = rng.getrandbits(64)
            base = (cell - offset) & MASK
            if stack and base & 15:
                raise Unfit
            if tcr >> 37 & 1:
                base |= rng.getrandbits(8) << 56
            before[f"x{n}"] = base
            words = [sign(key, n, 31, False, True)]
            if spoil:
                words.append(0xD2400000 | ((64 - rng.choice((53, 50, 48, 7))) & 63) << 16 | n << 5 | n)
            if stack:
                words.append(0x9100001F | n << 5)
            return [*words, ldra(key, t, SP if stack else n, offset, write_back)], before

        m.repeat(f"PACDZ{name}, LDRA{name} (offset)", 8, lambda: load(0))
        m.repeat(f"PACDZ{name}, LDRA{name} (pre-index)", 8, lambda: load(1))
        m.repeat(f"PACDZ{name}, LDRA{name} by SP", 6, lambda: load(rng.getrandbits(1), True))
        m.repeat(f"PACDZ{name}, EOR, LDRA{name}", 4, lambda: load(rng.getrandbits(1), False, True))
        m.repeat(f"LDRA{name} without SCTLR_EL1.EnD{name}", 3, lambda: load(rng.getrandbits(1), False, False, False))
    return m.cases


def case_of(words, before, seed):
    rng = random.Random(seed)
    case = el1.Case(words, x=[rng.getrandbits(64) for _ in range(31)], sp=rng.getrandbits(60) << 4, state=el1.EL0)
    case.cells = [rng.getrandbits(64) for _ in range(8)]
    for key, value in before.items():
        if isinstance(key, tuple):
            case.cells[(key[0] - el1.WINDOW) // 8] = value
        elif key in ("sp", "tcr", "sctlr"):
            setattr(case, key, value)
        elif key in ("tcr_el1", "sctlr_el1"):
            setattr(case, key[:-4], value)
        elif key in el1.KEYS:
            case.keys[key] = value
        else:
            case.x[int(key[1:])] = value
    return case


def after_of(words, runs):
    after = []

    def compare(name, pairs):
        if all(a == b for a, b in pairs):
            return
        if pairs[0][1] != pairs[1][1]:
            raise SystemExit(f"{[hex(w) for w in words]}: {name} depends on what is not named")
        after.append(f"{name}={pairs[0][1]:#x}")

    for i in range(31):
        compare(f"x{i}", [(c.x[i], r.x[i]) for c, r in runs])
    compare("sp", [(c.sp, r.sp_el0) for c, r in runs])
    results = [r for _, r in runs]
    if len({(r.esr, r.elr, r.vector) for r in results}) != 1:
        raise SystemExit(f"{[hex(w) for w in words]}: ends differently")
    r, failed = results[0], results[0].esr >> 26 == 0x1C
    if r.vector != 0x400 or (not failed and r.esr != 0xF2000F00):
        raise SystemExit(f"{[hex(w) for w in words]}: vector {r.vector:#x}, ESR {r.esr:#x} at {r.elr:#x}")
    offset = r.elr - el1.CODE
    if failed or offset != 4 * len(words):
        after.append(f"pc=+{offset}" if offset < 10 else f"pc=+{offset:#x}")
    if failed:
        after.append(f"exception={r.esr:#x}")
    return after


def order_here(key):
    system = ("sctlr_el1", "tcr_el1", *el1.KEYS)
    return (8, system.index(key)) if key in system else order(key)


def main():
    cases = make_all()
    runs = [case_of(words, before, seed) for _, words, before in cases for seed in (1, 2)]
    on_old = [any(w & 0xFFFFF800 == 0xD71F0800 for w in case.code) for case in runs]
    new = iter(el1.run([case for case, old in zip(runs, on_old) if not old]))
    older = iter(el1.run([case for case, old in zip(runs, on_old) if old], "max", "QEMU_SYSTEM_AARCH64_7"))
    results = [next(older if old else new) for old in on_old]
    texts = oracle.disassemble([w for _, words, _ in cases for w in words])
    lines, comment = [HEADER.rstrip()], None
    for i, (name, words, before) in enumerate(cases):
        after = after_of(words, [(runs[k], results[k]) for k in (2 * i, 2 * i + 1)])
        if name != comment:
            comment = name
            lines.append(f"\n# {comment}")
        text = "; ".join(texts.pop(0) for _ in words)
        named = [f"[{k[0]:#x}]:{k[1]}={before[k]:#x}" if isinstance(k, tuple) else f"{k}={before[k]:#x}" for k in sorted(before, key=order_here)]
        line = " ".join([*(f"{w:08x}" for w in words), f'"{text}"', *named, "=>", *after])
        if line not in lines:
            lines.append(line)
    (FOLDER / f"{FILE}.ins").write_text("\n".join(lines) + "\n")
    print(f"{len(cases)} cases")


if __name__ == "__main__":
    main()
