#!/usr/bin/env python3
"""Random programs at EL1 and EL0 of a bare machine, on Armillary and on qemu-system-aarch64: what the first exception finds.

Each program has up to 12 instructions: loads and stores of all kinds to pages with random permissions and attributes, branches,
system registers, PSTATE, address translation, cache and TLB maintenance, exception returns to random states, pointer
authentication and branch targets. Registers, the exception's registers, memory and translation tables are compared.
The last line is
  N cases, D differences, E excluded
Exit code 0 if D is 0. Programs are those of the seed. Excluded is what the architecture leaves open, and what QEMU 10 does otherwise than the
manual says; excuse() has each with its reason. Needs aarch64-linux-gnu-gcc, qemu-system-aarch64 of version 10 (another by
QEMU_SYSTEM_AARCH64), and the published tool (--armillary).
"""
import argparse
import random
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "instruction-tests"))
import el1

END = 0xD401E001                    # SVC #0xF00: BRK would end the run of armillary exec
VALID, USER, READ_ONLY, ACCESS, NOT_GLOBAL, DIRTY, PXN, UXN = 3, 1 << 6, 1 << 7, 1 << 10, 1 << 11, 1 << 51, 1 << 53, 1 << 54
SHAREABLE = 3 << 8
BATCH = 1000


def fields(pattern, rng, **given):
    """A word of a pattern; letters not given are random."""
    word, values, used = 0, dict(given), {}
    for letter in pattern:
        if letter not in "01":
            used[letter] = used.get(letter, 0) + 1
    for letter, bits in used.items():
        values.setdefault(letter, rng.getrandbits(bits))
    left = dict(used)
    for letter in pattern:
        if letter in "01":
            word = word << 1 | int(letter)
        else:
            left[letter] -= 1
            word = word << 1 | (values[letter] >> left[letter] & 1)
    return word


# n is the base of an access, t a register that is written, m one that is read, i small numbers.
MEMORY = [
    "zz11100100000000000iiinnnnnttttt", "zz11100101000000000iiinnnnnttttt",
    "zz111000000SSSSiiiii00nnnnnttttt", "zz111000010SSSSiiiii00nnnnnttttt", "zz111000000SSSSiiiii01nnnnnttttt", "zz111000010SSSSiiiii11nnnnnttttt",
    "zz111000000SSSSiiiii10nnnnnttttt", "zz111000010SSSSiiiii10nnnnnttttt",
    "z0101001000SSSSiiaaaaannnnnttttt", "z0101001010SSSSiiaaaaannnnnttttt", "z0101000110SSSSiiaaaaannnnnttttt", "0010100101SSSSSiiaaaaannnnnttttt",
    "zz00100001011111o11111nnnnnttttt", "zz001000000ssssso11111nnnnnttttt", "1z00100001111111oaaaaannnnnttttt", "1z001000001sssssoaaaaannnnnttttt",
    "zz00100011011111111111nnnnnttttt", "zz00100010011111111111nnnnnttttt", "zz011001010SSSSiiiii00nnnnnttttt", "zz011001000SSSSiiiii00nnnnnttttt",
    "zz111000or1mmmmm0kkk00nnnnnttttt", "zz111000or1mmmmm100000nnnnnttttt", "zz0010001o1sssssr11111nnnnnttttt", "0z0010000o1ssss0r11111nnnnnmmmm0",
    "zz11110z000SSSSiiiii00nnnnnttttt", "zz111101zo000000000iiinnnnnttttt", "zz1011010lSSSSSiiaaaaannnnnttttt",
    "0q0011000l0000000111kknnnnnttttt", "0q0011010l00000010s000nnnnnttttt",
]
REGISTERS = {                       # (op0, op1, CRn, CRm, op2): bits that programs write; None for all of a register, 0 for none
    "SPSR_EL1": ((3, 0, 4, 0, 0), None), "ELR_EL1": ((3, 0, 4, 0, 1), None), "SP_EL0": ((3, 0, 4, 1, 0), None), "ESR_EL1": ((3, 0, 5, 2, 0), 0xFFFFFFFF),
    "FAR_EL1": ((3, 0, 6, 0, 0), None), "PAR_EL1": ((3, 0, 7, 4, 0), 0), "CONTEXTIDR_EL1": ((3, 0, 13, 0, 1), 0xFFFFFFFF), "TPIDR_EL0": ((3, 3, 13, 0, 2), None),
    "CPACR_EL1": ((3, 0, 1, 0, 2), 3 << 20), "NZCV": ((3, 3, 4, 2, 0), None), "DAIF": ((3, 3, 4, 2, 1), None), "SPSel": ((3, 0, 4, 2, 0), None), "PAN": ((3, 0, 4, 2, 3), None),
    "UAO": ((3, 0, 4, 2, 4), None), "DIT": ((3, 3, 4, 2, 5), None), "SSBS": ((3, 3, 4, 2, 6), None), "CurrentEL": ((3, 0, 4, 2, 2), 0), "FPCR": ((3, 3, 4, 4, 0), 0),
    "AFSR0_EL1": ((3, 0, 5, 1, 0), 0), "CNTKCTL_EL1": ((3, 0, 14, 1, 0), 0x3FF),
    "TTBR1_EL1": ((3, 0, 2, 0, 1), 0), "CNTV_CTL_EL0": ((3, 3, 14, 3, 1), 0), "ISR_EL1": ((3, 0, 12, 1, 0), 0), "MPIDR_EL1": ((3, 0, 0, 0, 5), 0),
}


def system(op1, crn, crm, op2, rt, load=0, op0=1):
    return 0xD5000000 | load << 21 | op0 << 19 | op1 << 16 | crn << 12 | crm << 8 | op2 << 5 | rt


AT = [(0, 8, 0), (0, 8, 1), (0, 8, 2), (0, 8, 3), (0, 9, 0), (0, 9, 1)]
CACHE = [(3, 10, 1), (3, 11, 1), (3, 14, 1), (3, 5, 1), (0, 6, 1), (3, 12, 1), (3, 13, 1), (0, 6, 2), (0, 14, 2), (0, 10, 2), (0, 5, 0), (0, 1, 0)]


class Program:
    def __init__(self, rng):
        self.rng = rng
        self.words = []
        # Registers that hold addresses, and others.
        self.bases = rng.sample(range(29), 6)

    def other(self):
        while True:
            register = self.rng.randrange(31)
            if register not in self.bases:
                return register

    def base(self):
        return 31 if self.rng.random() < 0.08 else self.rng.choice(self.bases)

    def memory(self):
        rng = self.rng
        while True:
            pattern = rng.choice(MEMORY)
            sign = rng.choice((0, 15)) if pattern.count("S") == 4 else rng.choice((0, 31))
            word = fields(pattern, rng, n=self.base(), t=self.other(), m=self.other() & ~1 if "mmmm0" in pattern else self.other(), S=sign, a=self.other())
            if pattern.count("s") == 5:
                word = word & ~(31 << 16) | self.other() << 16
            if "mmmm0" in pattern:
                word = word & ~0x1F001F | (self.other() & ~1) << 16 | self.other() & ~1
            t, a, s, n = word & 31, word >> 10 & 31, word >> 16 & 31, word >> 5 & 31
            pair = "aaaaa" in pattern
            exclusive = word >> 24 & 0x3F == 8 and not word >> 23 & 1
            if pair and t == a or exclusive and s in (t, n, a) or n == t and n != 31 or pair and n == a and n != 31:
                continue
            if "mmmm0" in pattern and any(r + 1 in self.bases for r in (t, s)):
                continue
            return [word]

    def register(self):
        rng = self.rng
        name = rng.choice(list(REGISTERS))
        (op0, op1, crn, crm, op2), mask = REGISTERS[name]
        if name == "PAR_EL1":
            return self.read_par()
        if rng.random() < 0.5 or mask == 0:
            return [system(op1, crn, crm, op2, self.other(), 1, op0)]
        if mask is None:
            register = self.rng.choice(self.bases) if name in ("ELR_EL1", "SP_EL0", "FAR_EL1") else self.other()
            if name == "SPSR_EL1":
                return self.saved_state()
            return [system(op1, crn, crm, op2, register, 0, op0)]
        register = self.other()
        value = rng.getrandbits(64) & mask
        return [*self.move(register, value), system(op1, crn, crm, op2, register, 0, op0), 0xD5033FDF]

    def read_par(self):
        """NS, bit 9, is UNKNOWN outside Secure state (Arm ARM D24.2.138): it is cleared."""
        register = self.other()
        return [system(0, 7, 4, 0, register, 1, 3), 0x9276F800 | register << 5 | register]

    @staticmethod
    def move(register, value):
        words = [0xD2800000 | (value & 0xFFFF) << 5 | register]
        for at in range(1, 4):
            if value >> 16 * at & 0xFFFF:
                words.append(0xF2800000 | at << 21 | (value >> 16 * at & 0xFFFF) << 5 | register)
        return words

    def saved_state(self):
        """SPSR_EL1 of any state of AArch64, legal or not. What lies beyond the features that both have stays 0: TCO, ALLINT, IRQ masks of NMI."""
        rng = self.rng
        value = rng.choice((0, 4, 5, 5, 0, 1, 2, 6, 8, 9, 12, 13)) | rng.getrandbits(4) << 6 | rng.getrandbits(4) << 28 | rng.getrandbits(2) << 22 | rng.getrandbits(2) << 23 | rng.getrandbits(1) << 12
        if rng.random() < 0.2:
            value |= 1 << 20 | rng.getrandbits(2) << 10
        register = self.other()
        return [*self.move(register, value), system(0, 4, 0, 0, register, 0, 3)]

    def step(self):
        rng = self.rng
        kind = rng.randrange(20)
        if kind < 8:
            return self.memory()
        if kind < 11:
            return self.register()
        if kind == 11:
            op1, op2, values = rng.choice(((0, 3, 2), (0, 4, 2), (0, 5, 2), (3, 1, 2), (3, 2, 2), (3, 6, 16), (3, 7, 16)))
            return [system(op1, 4, rng.randrange(values), op2, 31, 0, 0)]
        if kind == 12:
            op1, crm, op2 = rng.choice(AT)
            return [system(op1, 7, crm, op2, self.base()), 0xD5033FDF, *self.read_par()]
        if kind == 13:
            op1, crm, op2 = rng.choice(CACHE)
            return [system(op1, 7, crm, op2, 31 if (crm, op2) in ((5, 0), (1, 0)) else self.base())]
        if kind == 14:
            return [system(0, 8, rng.choice((3, 7)), rng.choice((0, 1, 2, 3, 5, 7)), self.other()), 0xD5033F9F]
        if kind == 15:
            return [*self.saved_state(), system(0, 4, 0, 1, rng.choice(self.bases), 0, 3), 0xD69F03E0]
        if kind == 16:
            return [rng.choice((0xD61F0000, 0xD63F0000, 0xD65F0000)) | rng.choice(self.bases) << 5]
        if kind == 17:
            return [0xDAC10000 | rng.randrange(16) << 10 & 0x3C00 | (31 if rng.random() < 0.1 else self.base()) << 5 | self.other()] if rng.random() < 0.5 else [0xDAC10000 | rng.randrange(8) << 10 | self.other() << 5 | self.other()]
        if kind == 18:
            return [rng.choice((0xD4000001 | rng.randrange(1 << 16) << 5, rng.randrange(1 << 16), 0xD503201F | rng.randrange(4) << 6 | 0x400, 0xD503305F, 0xD503207F))] if rng.random() < 0.5 else [0x1E602820]
        return [fields("z001000100iiiiiiiiiiiinnnnnddddd", rng, d=self.other(), n=rng.choice(self.bases))]


def draw(rng):
    program = Program(rng)
    while True:
        words = program.step()
        # WFI would wait for ever where it is not trapped.
        if any(word == 0xD503207F for word in words):
            continue
        if len(program.words) + len(words) > 12:
            break
        program.words += words
        if rng.random() < 0.12:
            break
    x = [rng.getrandbits(64) for _ in range(31)]
    pages = []
    for _ in range(8):
        attributes = VALID | ACCESS | SHAREABLE | rng.choice((0, 0, 0, 0, 4, 8)) | rng.choice((0, USER)) | rng.choice((0, 0, READ_ONLY)) | rng.choice((0, PXN)) | rng.choice((0, UXN)) | rng.choice((0, NOT_GLOBAL)) | rng.choice((0, 0, DIRTY))
        if rng.random() < 0.15:
            attributes &= ~ACCESS
        if rng.random() < 0.1:
            attributes &= ~rng.choice((1, 2))
        pages.append(attributes)
    for register in program.bases:
        where = rng.random()
        if where < 0.75:
            offset = rng.choice((0, 8, 16, 32, 0xFC0, 0xFF0, 0xFF8, 0xFFC, 0xFFE, 0xFFF, 1, 2, 3, 4, 6, 12, 14))
            value = el1.WINDOW + rng.randrange(8) * 0x1000 + offset
        elif where < 0.9:
            value = rng.choice((el1.CODE + 0x100, el1.TARGET)) + rng.choice((0, 4, 8, 16, 2, 1))   # behind the program: it must end
        else:
            value = rng.choice((el1.WINDOW + 0x8000, el1.WINDOW - 8, 1 << 39, (1 << 39) - 8, 1 << 47, 0xFFFF000000000000, (1 << 64) - 16, 1 << 63, 1 << 55))
        if rng.random() < 0.15:
            value ^= rng.getrandbits(8) << 56
        x[register] = value
    sctlr = rng.choice((0, 0, 2)) | rng.choice((0, 8)) | rng.choice((0, 16)) | rng.choice((0, 1 << 6)) | rng.choice((0, 1 << 9)) | rng.choice((0, 1 << 14, 1 << 26, 1 << 26 | 1 << 15)) | rng.choice((0, 1 << 31 | 1 << 30 | 1 << 27 | 1 << 13)) | rng.choice((0, 3 << 35)) | rng.choice((0, 1 << 44)) | rng.choice((0, 1 << 18 | 1 << 16))
    # Tags are ignored in both halves or in none: QEMU looks at one half's bit only to tell whether bit 55 or 63 chooses it (Arm ARM, AddPAC()).
    tcr = 25 << 16 | 2 << 30 | rng.choice((0, 3 << 37)) | rng.choice((0, 0, 1 << 39, 3 << 39)) | rng.choice((0, 0, 3 << 51))
    state = rng.choice((el1.EL0, el1.EL1, el1.EL1, el1.EL0, 0x3C4)) | rng.getrandbits(4) << 28 | rng.choice((0, 0, 1 << 22)) | rng.choice((0, 0, 1 << 23)) | rng.choice((0, 0, 1 << 12)) | rng.choice((0, 0, 1 << 24))
    # The words of the cells are unallocated, so that a branch to them ends.
    case = el1.Case(program.words, x=x, sp=el1.WINDOW + rng.randrange(8) * 0x1000 + rng.choice((0x800, 0x800, 0x808, 0xFF0, 0)), state=state, sctlr=sctlr, tcr=tcr, keys={k: rng.getrandbits(64) for k in el1.KEYS},
                    flags=el1.MMU | el1.PAGES | rng.choice((0, 0, el1.GUARD_CODE)) | rng.choice((0, 0, el1.GUARD_TARGET)),
                    cells=[rng.getrandbits(64) & 0x0000FFFF00FFFFFF | 0x60FF << 48 for _ in range(8)], target=[0xD503201F] * 2 if rng.random() < 0.5 else [], pages=pages)
    return case


def run_armillary(command, image, cases):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "cases").write_bytes(b"".join(case.pack() for case in cases))
        subprocess.run([*command, "exec", image, "--memory", "0x40000000:512M", "--engine", "software", "--semihosting", "--semihosting-root", folder], check=True, timeout=60)
        return el1.read_results((Path(folder) / "results").read_bytes(), len(cases))


def excuse(case, expected, found):
    """What is not to be compared, or is known to be wrong in QEMU 10: makes both equal there."""
    # Data that is executed may be an instruction of SVE or SME, which QEMU has.
    if expected.esr >> 26 in (0x19, 0x1D):
        return True
    tag = found.far >> 56
    # A return that is illegal leaves UAO, DIT, SSBS and BTYPE UNKNOWN and sets PAN (Arm ARM, SetPSTATEFromPSR()); QEMU leaves PAN alone.
    if expected.spsr & found.spsr & 1 << 20:
        for result in (expected, found):
            result.spsr &= ~(1 << 22 | 1 << 23 | 1 << 24 | 1 << 12 | 3 << 10)
            # It goes where any return goes, without the tag (Arm ARM, AArch64.ExceptionReturn()); QEMU leaves the tag there.
            result.elr &= (1 << 56) - 1
            result.far &= (1 << 56) - 1
    # A misaligned PC comes before a fault of the fetch (Arm ARM D1.3.5.4); QEMU takes the fault.
    if expected.esr >> 26 in (0x20, 0x21) and found.esr >> 26 == 0x22 and expected.elr == found.elr:
        expected.esr = found.esr
    # Which store-exclusive goes with which load-exclusive is left open but for pairs of one size and address (Arm ARM B2.12.2).
    if any(w & 0x3FC00000 == 0x08400000 for w in case.code) and any(w & 0x3FC00000 == 0x08000000 for w in case.code):
        return True
    place = (found.elr - el1.CODE) // 4
    word = case.code[place] if 0 <= place < len(case.code) else 0
    is_abort, is_alignment = found.esr >> 26 in (0x24, 0x25), found.esr & 0x3F == 0x21
    # Whether a store-exclusive that would fail faults first is left open (Arm ARM B2.12.5): QEMU does not.
    if is_abort and word & 0x3F400000 == 0x08000000:
        return True
    # WnR is 0 where a read would have been an alignment fault too (Arm ARM D24.2.40); QEMU takes all of exclusives and atomics for writes.
    if is_abort and is_alignment and (expected.esr ^ found.esr) == 0x40 and word & 0x3F000000 in (0x08000000, 0x38000000):
        expected.esr = found.esr
    # Unaligned accesses to Device memory fault (Arm ARM B2.10.2); QEMU lets some be.
    page = (found.far & (1 << 56) - 1) - el1.WINDOW >> 12
    if is_abort and is_alignment and 0 <= page < 8 and case.pages[page] >> 2 & 7 == 1:
        return True
    # QEMU takes op1 for op2 in the syndrome of MSR (immediate), and has FEAT_IDST, which Armillary does not claim.
    if found.esr >> 26 == 0x18 and word & 0xFFF8F01F == 0xD500401F or expected.esr >> 26 == 0x18 and word & 0xFFFFF000 == 0xD5380000:
        return True
    # The access flag may be set at any time (Arm ARM D8.5.1).
    if case.tcr >> 39 & 1:
        for result in (expected, found):
            result.tables = [entry & ~ACCESS for entry in result.tables]
    # An address translation for writing may not make a page dirty here (Arm ARM D8.5.4 wants a write); QEMU does.
    if any(w & 0xFFF8FE00 == 0xD5087800 for w in case.code):
        for result in (expected, found):
            result.tables = [entry & ~READ_ONLY for entry in result.tables]
    # What a store that crosses into a page that faults writes before it is left open (Arm ARM B2.2.1).
    if is_abort and found.esr & 0x40 and found.far & 0xFFF == 0:
        expected.memory = found.memory
    # QEMU checks permissions for DC CVAP and CVADP, which only EL0 needs.
    word_of_expected = (expected.elr - el1.CODE) // 4
    if expected.esr >> 26 == 0x25 and 0 <= word_of_expected < len(case.code) and case.code[word_of_expected] & 0xFFFFF0E0 == 0xD50B7020:
        return True
    # A page that a write would make dirty counts as writable, and what EL0 may write EL1 does not execute (Arm ARM,
    # AArch64.S1ApplyOutputPerms()); QEMU sees a read-only page. It also finds a fetch's tagged address in the TLB where TBID forbids it.
    if found.esr >> 26 in (0x20, 0x21):
        if case.tcr >> 51 & 1 and tag:
            return True
        if case.tcr >> 39 & 3 == 3 and 0 <= page < 8 and case.pages[page] & (DIRTY | READ_ONLY) == DIRTY | READ_ONLY:
            return True
    # Faults of cache maintenance and misaligned stack pointers, which QEMU has not.
    if is_abort and found.esr & 0x100 or found.esr >> 26 == 0x26:
        return True
    # SPSR_EL1.BTYPE holds only for these exceptions (Arm ARM, AArch64.TakeException()).
    if found.esr >> 26 not in (0x0D, 0x0E, 0x20, 0x21, 0x22, 0x3C):
        for result in (expected, found):
            result.spsr &= ~(3 << 10)
    return False


def differences(expected, found):
    for name in ("vector", "esr", "elr", "spsr", "far", "sp_el0", "sp_el1", "memory"):
        a, b = getattr(expected, name), getattr(found, name)
        if a != b:
            yield f"{name}: QEMU {a:#x}, Armillary {b:#x}"
    for i, (a, b) in enumerate(zip(expected.tables, found.tables)):
        if a != b:
            yield f"descriptor {i}: QEMU {a:#x}, Armillary {b:#x}"
    for i, (a, b) in enumerate(zip(expected.x, found.x)):
        if a != b:
            yield f"x{i}: QEMU {a:#x}, Armillary {b:#x}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=20000, metavar="N")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32), metavar="S")
    parser.add_argument("--armillary", default="armillary", metavar="COMMAND")
    parser.add_argument("--show", type=int, default=20, metavar="K", help="differences that are printed (default: %(default)s)")
    arguments = parser.parse_args()
    print(f"{arguments.cases} cases from seed {arguments.seed}", file=sys.stderr)
    differing = excluded = 0
    with tempfile.TemporaryDirectory() as folder:
        image = el1.build(folder, f"-DEND_OF_PROGRAM={END:#x}u")
        for first in range(0, arguments.cases, BATCH):
            seeds = [arguments.seed + i for i in range(first, min(first + BATCH, arguments.cases))]
            cases = [draw(random.Random(seed)) for seed in seeds]
            expected, found = el1.run_image(image, cases), run_armillary([arguments.armillary], image, cases)
            for seed, case, a, b in zip(seeds, cases, expected, found):
                if excuse(case, a, b):
                    excluded += 1
                    continue
                lines = list(differences(a, b))
                if not lines:
                    continue
                differing += 1
                if differing <= arguments.show:
                    print(f"Seed {seed}: from {case.state:#x}, SCTLR_EL1 {case.sctlr:#x}, TCR_EL1 {case.tcr:#x}, flags {case.flags}, vector {a.vector:#x} ESR {a.esr:#x} ELR {a.elr:#x} FAR {a.far:#x}")
                    print("  " + " ".join(f"{word:08x}" for word in case.code))
                    print("  " + "\n  ".join(lines))
    print(f"{arguments.cases} cases, {differing} differences, {excluded} excluded")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
