#!/usr/bin/env python3
"""Writes the instruction tests, tests/Armillary.Tests/Instructions/*.ins.

    generate.py [--only PREFIX] ORACLE...

Writes all files, or those that begin with PREFIX. ORACLE is the command that runs the oracle, for instance
qemu-aarch64 artifacts/oracle/a64-oracle. qemu-aarch64 must be 10.0 or later: HBC, MOPS and WFxT are younger than 7.2, whose results
are the same for all the rest. No release has CSSC yet: other instructions that do the same stand in for it (Row.stand_in).

The encodings are a64.py, recent.py, blocks.py, simd.py, cryptography.py, floating.py, undefined.py and sequences.py; operands are chosen here, from a seed that is
the row's name, so that a new row leaves the others' cases as they are. Expected results are the oracle's and the text is
objdump's: nothing here knows what an instruction does, but for which registers and which memory it reads. Each case runs twice with different
noise in all that it does not name; results that differ are an error in the row.
"""
import random
import sys
from dataclasses import dataclass
from pathlib import Path

sys.dont_write_bytecode = True
import oracle
from a64 import EXPECTED_IS_THERE, ROWS
from oracle import CODE, WINDOW, WINDOW_SIZE
from sequences import WRITTEN
import blocks  # noqa: F401, adds its sequences
import recent  # noqa: F401, adds its rows
import cryptography  # noqa: F401, adds its rows
import floating  # noqa: F401, adds its rows
import simd  # noqa: F401, adds its rows
import undefined  # noqa: F401, adds its rows

MARCH = "armv8.8-a+crc+lse+rcpc+flagm+profile+ras+predres+sb+simd+fp16+fp16fml+dotprod+i8mm+bf16+aes+sha3+sm4+rng+cssc+mops+hbc+memtag+ssbs"
FOLDER = Path(__file__).resolve().parents[2] / "tests/Armillary.Tests/Instructions"
OTHERS = ("pointer-authentication",)  # written by pauth.py
MASK = (1 << 64) - 1
REGISTER_LETTERS = "dnmatus"
HEADER = """\
# Instruction tests: the format is documented in InstructionFile.cs.
# Written by eng/instruction-tests/generate.py from the results of an independent CPU (qemu-aarch64) and the text of GNU
# objdump; do not edit by hand.
"""


class Unfit(Exception):
    """These operands cannot be tested together; others must be drawn."""


@dataclass
class Test:
    file: str
    comment: str
    words: list
    before: dict              # name, or (address, size), to value
    cells: list               # (address, size) of the memory that may change
    undefined: bool = False
    time_limit: bool = False
    stand_in: list = None     # lines that are run instead
    scratch: int = 0          # the X register that they use
    executed: list = None     # the words that are run
    text: str = ""
    after: list = None        # of "name=value"


# ---- Choosing operands ---------------------------------------------------------------------------------------------

def interesting(rng, bits=64):
    top = 1 << (bits - 1)
    special = [0, 1, 2, top, top - 1, 2 * top - 1, 2 * top - 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x100000000, 0x7F, 0x80,
               0xFF, 0x7FFF, 0x8000, 0xFFFF, 0xFFFFFFFF80000000]
    value = rng.choice([lambda: rng.choice(special), lambda: rng.getrandbits(bits), lambda: rng.getrandbits(bits),
                        lambda: rng.getrandbits(32), lambda: rng.getrandbits(8)])()
    return value & (2 * top - 1)


def interesting_vector(rng, bits):
    """Elements of one size, most of them extreme in one vector of two."""
    bits = bits or rng.choice([8, 16, 32, 64])
    top = 1 << (bits - 1)
    special = [0, 1, top, top - 1, 2 * top - 1, top >> 1, 2 * top - 2, top + 1]
    share = rng.choice([0.9, 0.5, 0.2])
    value = 0
    for at in range(0, 128, bits):
        value |= (rng.choice(special) if rng.random() < share else rng.getrandbits(bits)) << at
    return value


class Deck:
    """Gives each of its values once in shuffled order, then starts again."""

    def __init__(self, rng, values):
        self._rng, self._values, self._left = rng, list(values), []

    def draw(self):
        if not self._left:
            self._left = self._values[:]
            self._rng.shuffle(self._left)
        return self._left.pop()


def fields_of(pattern):
    fields = {}
    for position, letter in enumerate(pattern):
        if letter not in "01":
            fields.setdefault(letter, []).append(31 - position)
    return fields


def encode(pattern, fields):
    word = 0
    for position, letter in enumerate(pattern):
        word = word << 1 | (int(letter) if letter in "01" else 0)
    for letter, bits in fields_of(pattern).items():
        for i, bit in enumerate(reversed(bits)):
            word |= (fields[letter] >> i & 1) << bit
    return word


def deck_of(rng, row, letter, bits):
    if letter in row.choose:
        return Deck(rng, row.choose[letter])
    if letter in REGISTER_LETTERS and bits == 5:
        return Deck(rng, [31] + rng.sample(range(31), max(2, min(row.count, 8))))
    top = (1 << bits) - 1
    if bits <= 2:
        return Deck(rng, range(top + 1))
    return Deck(rng, dict.fromkeys([0, 1, top, (top + 1) >> 1, top >> 1, rng.getrandbits(bits), rng.getrandbits(bits)]))


def roles_of(row):
    """(letter, register number offset, role) in the order in which values are given: bases first."""
    roles = []
    for item in row.regs.split():
        letter, role = item.split("=")
        if role[0] == "v":
            roles += [(letter, i, role[:2]) for i in range(int(role[3:] or 1))]
        else:
            roles += [(letter, i, role[0]) for i in range(2 if role.endswith("+") else 1)]
    return sorted(roles, key=lambda r: r[2] not in "bp")


def register_name(number, role):
    if role[0] == "v":
        return f"v{number % 32}"
    if number == 31:
        return "sp" if role in "RWXbp" else None
    return f"x{number}"


def build(row, rng, fields, value_decks, flag_deck, status_decks):
    before, values, cells = {}, {}, []
    if row.reads_flags:
        before["nzcv"] = flag_deck.draw()
    for name, deck in status_decks.items():
        before[name] = deck.draw()
    memory = row.memory
    roles = [] if row.undefined else roles_of(row)
    if memory:
        size = memory.size * memory.count
        alignment = memory.align or (size if memory.whole else memory.size)
        address = WINDOW + rng.randrange(0x100, 0xF00) // alignment * alignment
        cells = [(address + i * memory.size, memory.size) for i in range(memory.count)]
        for cell in cells:
            if memory.access in "rx":
                before[cell] = interesting(rng, 8 * memory.size)
    for letter, extra, role in [r for r in roles if r[2] not in "bp"] + [r for r in roles if r[2] in "bp"]:
        name = register_name(fields[letter] + extra, role)
        if role in ("w", "W", "vw"):
            continue
        if role[0] == "v":
            if name not in before:
                chosen = value_decks[letter].draw() if letter in value_decks else None
                before[name] = interesting_vector(rng, row.element) if chosen is None else chosen
            continue
        if role in "bp":
            value = (address - memory.offset(fields, values)) & MASK
            if name == "sp" and value & 15:
                raise Unfit
            before[name] = value
            continue
        chosen = value_decks[letter].draw() if letter in value_decks else None
        if name is None:
            value = 0
        elif name in before:
            value = before[name]
        elif chosen == EXPECTED_IS_THERE:
            value = before[cells[extra]] | rng.getrandbits(64) << 8 * memory.size & MASK
        else:
            value = interesting(rng) if chosen is None else chosen
        if name:
            before[name] = value
        values[letter] = value
    if row.literal:
        target = CODE + 4 * (fields["i"] - (1 << 19) * (fields["i"] >> 18))
        before[(target, row.literal)] = interesting(rng, 8 * row.literal)
    test = Test(row.file, row.name, [encode(row.pattern, fields)], before, cells, row.undefined, row.time_limit)
    if row.stand_in:
        test.scratch = next(i for i in range(31) if i not in fields.values())
        test.stand_in = row.stand_in(fields, f"x{test.scratch}")
    return test


def tests_of(row, seen):
    rng = random.Random(row.file + row.name)
    decks = {letter: deck_of(rng, row, letter, len(bits)) for letter, bits in fields_of(row.pattern).items()}
    value_decks = {letter: Deck(rng, values) for letter, values in row.values.items()}
    flag_deck = Deck(rng, row.flags)
    status_decks = {name: Deck(rng, values) for name, values in (("fpcr", row.fpcr), ("fpsr", row.fpsr)) if values}
    registers = [letter for letter in decks if letter in REGISTER_LETTERS and letter not in row.choose]
    for _ in range(row.count):
        for _ in range(10000):
            fields = {letter: deck.draw() for letter, deck in decks.items()}
            if len(registers) > 1 and rng.random() < 0.12:
                a, b = rng.sample(registers, 2)
                fields[a] = fields[b]
            try:
                if not row.valid(fields):
                    continue
                test = build(row, rng, fields, value_decks, flag_deck, status_decks)
            except Unfit:
                continue
            key = (test.words[0], str(test.before))
            if key not in seen:
                seen.add(key)
                yield test
                break
        else:
            break  # every different case is there


def written_tests():
    march = [f".arch {MARCH}"]
    words = oracle.assemble(march + [line for _, _, lines, _ in WRITTEN for line in lines], MARCH)
    for file, comment, lines, before in WRITTEN:
        cells = [key for key in before if isinstance(key, tuple)]
        yield Test(file, comment, [words.pop(0) for _ in lines], before, cells)


# ---- Running them --------------------------------------------------------------------------------------------------

def case_of(test, rng, flip, noise):
    x = [rng.getrandbits(64) for _ in range(31)]
    window = bytearray(b ^ flip for b in noise)
    case = oracle.Case(test.executed or test.words, x, rng.getrandbits(56) << 4, 0, rng.getrandbits(64), b"", time_limit=test.time_limit)
    case.nzcv = (noise[0] ^ flip) & 15
    case.v = [rng.getrandbits(128) for _ in range(32)]
    case.fpcr, case.fpsr = rng.getrandbits(32) & oracle.FPCR_BITS, rng.getrandbits(32) & oracle.FPSR_BITS
    for key, value in test.before.items():
        if isinstance(key, tuple):
            address, size = key
            data = value.to_bytes(size, "little")
            if WINDOW <= address < WINDOW + WINDOW_SIZE:
                window[address - WINDOW:address - WINDOW + size] = data
            else:
                case.literal_address, case.literal = address, data.ljust(16, b"\0")
        elif key[0] == "x":
            case.x[int(key[1:])] = value
        elif key[0] == "v":
            case.v[int(key[1:])] = value
        else:
            setattr(case, key, value)
    case.window = bytes(window)
    return case


def next_pc(test, result):
    if result.signal == oracle.SIGTRAP or (test.time_limit and result.signal == oracle.SIGALRM):
        return result.pc
    if result.signal == oracle.SIGSEGV and result.pc == result.fault_address != CODE:
        return result.pc  # the branch was taken; its target is not mapped
    return None


def number(value):
    return f"{value:#x}"


def changes(test, runs):
    """The state after, as "name=value"; both runs must agree on it. Raises ValueError if they do not."""
    after = []

    def compare(name, read_before, read_after, show=number):
        pairs = [(read_before(case), read_after(result)) for case, result in runs]
        if all(b == a for b, a in pairs):
            return
        if pairs[0][1] != pairs[1][1]:
            raise ValueError(f"{name} depends on what is not named: {pairs[0][1]:#x}, {pairs[1][1]:#x}")
        after.append(f"{name}={show(pairs[0][1])}")

    for i in range(31):
        compare(f"x{i}", lambda c, i=i: c.x[i], lambda r, i=i: r.x[i])
    compare("sp", lambda c: c.sp, lambda r: r.sp)
    compare("nzcv", lambda c: c.nzcv, lambda r: r.nzcv, lambda v: f"{v:x}")
    compare("tpidr_el0", lambda c: c.tpidr_el0, lambda r: r.tpidr_el0)
    for i in range(32):
        compare(f"v{i}", lambda c, i=i: c.v[i], lambda r, i=i: r.v[i])
    compare("fpcr", lambda c: c.fpcr, lambda r: r.fpcr)
    compare("fpsr", lambda c: c.fpsr, lambda r: r.fpsr)
    covered = set()
    for address, size in test.cells:
        at = slice(address - WINDOW, address - WINDOW + size)
        covered.update(range(at.start, at.stop))
        compare(f"[{address:#x}]:{size}", lambda c, at=at: int.from_bytes(c.window[at], "little"),
                lambda r, at=at: int.from_bytes(r.window[at], "little"))
    for case, result in runs:
        stray = [i for i in range(WINDOW_SIZE) if case.window[i] != result.window[i] and i not in covered]
        if stray:
            raise ValueError(f"memory changed at {WINDOW + stray[0]:#x}")
    pcs = [next_pc(test, result) for _, result in runs]
    if pcs[0] is None or pcs[0] != pcs[1]:
        raise ValueError(f"stopped by signals {[r.signal for _, r in runs]} at {[hex(r.pc) for _, r in runs]}")
    offset = (pcs[0] - CODE + (1 << 63)) % (1 << 64) - (1 << 63)
    if offset != 4 * len(test.words):
        after.append(f"pc={offset:+d}" if abs(offset) < 10 else f"pc={offset:+#x}")
    return after


def assemble_stand_ins(tests):
    tests = [test for test in tests if test.stand_in]
    words = oracle.assemble([line for test in tests for line in test.stand_in], MARCH)
    for test in tests:
        test.executed = [words.pop(0) for _ in test.stand_in]


def take_back(test, case, result):
    """What a stand-in changes besides."""
    if not test.stand_in:
        return
    result.x[test.scratch], result.v[31], result.nzcv = case.x[test.scratch], case.v[31], case.nzcv
    result.pc -= 4 * (len(test.executed) - len(test.words))


def run(command, tests):
    assemble_stand_ins(tests)
    rng = random.Random("noise")
    noise = rng.randbytes(WINDOW_SIZE)
    cases = [case_of(test, rng, flip, noise) for test in tests for flip in (0, 0xFF)]
    results = oracle.run(command, cases)
    failures = 0
    for i, test in enumerate(tests):
        runs = list(zip(cases[2 * i:2 * i + 2], results[2 * i:2 * i + 2]))
        for case, result in runs:
            take_back(test, case, result)
        try:
            is_undefined = [r.signal == oracle.SIGILL and r.pc == CODE for _, r in runs]
            if any(is_undefined) or test.undefined:
                if not (all(is_undefined) and test.undefined):
                    raise ValueError(f"undefined: expected {test.undefined}, found {is_undefined}, signal {runs[0][1].signal}")
                test.after = ["undefined"]
            else:
                test.after = changes(test, runs)
        except ValueError as error:
            failures += 1
            print(f"{test.file}: {test.comment}: {test.words[0]:08x} {oracle.disassemble(test.words)}: {error}", file=sys.stderr)
    if failures:
        raise SystemExit(f"{failures} cases failed")


# ---- Writing them --------------------------------------------------------------------------------------------------

def order(key):
    if isinstance(key, tuple):
        return (7, *key)
    if key[0] in "xv":
        return (0 if key[0] == "x" else 4, int(key[1:]))
    return (("sp", "nzcv", "tpidr_el0", "", "fpcr", "fpsr").index(key) + 1, 0)


def line_of(test):
    before = []
    for key in sorted(test.before, key=order):
        value = test.before[key]
        before.append(f"[{key[0]:#x}]:{key[1]}={value:#x}" if isinstance(key, tuple)
                      else f"nzcv={value:x}" if key == "nzcv" else f"{key}={value:#x}")
    return " ".join([*(f"{w:08x}" for w in test.words), f'"{test.text}"', *before, "=>", *test.after])


def check_text(tests):
    """objdump's text must assemble to the same word, so that it can be the expected text of an assembler, too.

    Logical immediates have several encodings of one value, and PC-relative text has no address to assemble at."""
    plain = [(w, t) for test in tests if not test.undefined and test.file != "logical-immediate"
             for w, t in zip(test.words, test.text.split("; ")) if not oracle.is_pc_relative(w)]
    words = oracle.assemble([text for _, text in plain], MARCH)
    for (word, text), again in zip(plain, words):
        if word != again:
            raise SystemExit(f"{text!r} is {word:08x} but assembles to {again:08x}")


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    command, prefix = sys.argv[1:], ""
    if command[0] == "--only":
        prefix, command = command[1], command[2:]
    seen = set()
    tests = [test for row in ROWS if row.file.startswith(prefix) for test in tests_of(row, seen)]
    tests += [test for test in written_tests() if test.file.startswith(prefix)]
    run(command, tests)
    texts = oracle.disassemble([w for test in tests for w in test.words])
    for test in tests:
        test.text = "; ".join(texts.pop(0) for _ in test.words)
    check_text(tests)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob(f"{prefix}*.ins"):
        if old.stem not in OTHERS:
            old.unlink()
    for file in dict.fromkeys(test.file for test in tests):
        lines, comment = [HEADER.rstrip()], None
        for test in tests:
            if test.file != file:
                continue
            if test.comment != comment:
                comment = test.comment
                lines.append(f"\n# {comment}")
            lines.append(line_of(test))
        (FOLDER / f"{file}.ins").write_text("\n".join(lines) + "\n")
    print(f"{len(tests)} cases in {len({t.file for t in tests})} files")


if __name__ == "__main__":
    main()
