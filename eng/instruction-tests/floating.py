"""The rows of floating-point encodings, for a64.py's table. Operands are mixtures of what IEEE 754 finds interesting.

What qemu-aarch64 7.2 gets wrong is left out here and tested in OutsideTheOracleTests.cs by the manual's pseudocode:
- FJCVTZS of a positive subnormal number that FPCR.FZ flushes: Z must be 0 (FPToFixedJS), QEMU gives 1;
- FCVTZS (vector, fixed-point) of a scalar H: QEMU sign-extends a negative result to 32 bits, all above 16 must be zero.
"""
import random

from a64 import row

RMODES = [0 << 22, 1 << 22, 2 << 22, 3 << 22]
FZ16, FZ, DN, AHP = 1 << 19, 1 << 24, 1 << 25, 1 << 26
FPCR = [mode | bits for mode in RMODES for bits in (0, 0, FZ, DN, FZ16, FZ16 | FZ, FZ | DN | FZ16 | AHP, AHP)]
FPSR = [0, 0, 0x10, 0x10, 0x9F, 0x0800008F]
FORMATS = {16: (5, 10), 32: (8, 23), 64: (11, 52)}
LETTERS = {16: "H", 32: "S", 64: "D"}


def element(rng, bits):
    exponent_bits, fraction_bits = FORMATS[bits]
    top, bias = (1 << exponent_bits) - 1, (1 << (exponent_bits - 1)) - 1
    quiet, ones = 1 << (fraction_bits - 1), (1 << fraction_bits) - 1
    fraction = rng.choice([0, 0, 1, ones, ones - 1, quiet, quiet | 1, rng.getrandbits(fraction_bits), rng.getrandbits(fraction_bits),
                           ones << rng.randrange(fraction_bits) & ones, 1 << rng.randrange(fraction_bits)])
    kind = rng.randrange(16)
    if kind == 0:
        exponent, fraction = 0, 0
    elif kind == 1:
        exponent, fraction = top, 0
    elif kind == 2:
        exponent, fraction = top, quiet | rng.getrandbits(fraction_bits)
    elif kind == 3:
        exponent, fraction = top, 1 + rng.randrange(quiet - 1)
    elif kind <= 5:
        exponent = 0
    elif kind == 6:
        exponent = rng.choice([1, 2, top - 1, top - 2])
    elif kind == 7:
        exponent = rng.randrange(top)
    elif kind == 8:
        exponent = min(top - 1, bias + rng.choice([7, 15, 16, 30, 31, 32, 52, 53, 62, 63, 64, 65]))
    elif kind == 9:
        exponent = max(0, bias + rng.choice([-14, -15, -16, -24, -25, -126, -127, -149, -150, 127, 128, 15, 16]))
        exponent = min(exponent, top - 1)
    else:
        exponent = min(top - 1, max(0, bias + rng.randrange(-3, 14)))
    return rng.randrange(2) << (bits - 1) | exponent << fraction_bits | fraction


def vectors(name, bits, count=60):
    rng = random.Random(name)
    return [sum(element(rng, bits) << at for at in range(0, 128, bits)) for _ in range(count)]


def fp(file, name, pattern, regs, bits, count=8, **more):
    """bits: of the elements of the operands. Rm has four bits where the element has a number of three."""
    if pattern.count("m") == 4:
        more["valid"] = lambda f: f["m"] < 16
    letters = [item[0] for item in regs.split() if item.split("=")[1] in ("vr", "vx")]
    values = {letter: vectors(name + letter, bits) for letter in letters} | more.pop("values", {})
    row(file, name, pattern, regs, count, values=values, fpcr=FPCR, fpsr=FPSR, **more)


TYPES = (("00", 32), ("01", 64), ("11", 16))

# ---- Scalars -------------------------------------------------------------------------------------------------------

for op, name in enumerate(("FMUL", "FDIV", "FADD", "FSUB", "FMAX", "FMIN", "FMAXNM", "FMINNM", "FNMUL")):
    for ftype, bits in TYPES:
        fp("floating-scalar-arithmetic", f"{name} {LETTERS[bits]}", f"00011110{ftype}1mmmmm{op:04b}10nnnnnddddd", "d=vw n=vr m=vr", bits, 14)
for op, name in enumerate(("FMADD", "FMSUB", "FNMADD", "FNMSUB")):
    for ftype, bits in TYPES:
        fp("floating-scalar-fused", f"{name} {LETTERS[bits]}", f"00011111{ftype}{op >> 1}mmmmm{op & 1}aaaaannnnnddddd", "d=vw n=vr m=vr a=vr", bits, 20)
for op, name in ((3, "FSQRT"), (8, "FRINTN"), (9, "FRINTP"), (10, "FRINTM"), (11, "FRINTZ"), (12, "FRINTA"), (14, "FRINTX"),
                 (15, "FRINTI"), (16, "FRINT32Z"), (17, "FRINT32X"), (18, "FRINT64Z"), (19, "FRINT64X")):
    for ftype, bits in TYPES:
        if op < 16 or bits > 16:
            fp("floating-scalar-round", f"{name} {LETTERS[bits]}", f"00011110{ftype}1{op:06b}10000nnnnnddddd", "d=vw n=vr", bits, 14)
for ftype, bits in TYPES:
    for op, to in ((4, 32), (5, 64), (7, 16)):
        if to != bits:
            fp("floating-scalar-convert", f"FCVT {LETTERS[bits]} to {LETTERS[to]}", f"00011110{ftype}1{op:06b}10000nnnnnddddd", "d=vw n=vr", bits, 24)
fp("floating-scalar-convert", "BFCVT", "0001111001100011010000nnnnnddddd", "d=vw n=vr", 32, 24)

for ftype, bits in TYPES:
    for e, name in ((0, "FCMP"), (1, "FCMPE")):
        fp("floating-scalar-compare", f"{name} {LETTERS[bits]}", f"00011110{ftype}1mmmmm001000nnnnn{e}0000", "n=vr m=vr", bits, 16)
        fp("floating-scalar-compare", f"{name} {LETTERS[bits]} with itself", f"00011110{ftype}100001001000nnnnn{e}0000", "n=vr", bits, 2,
           choose={"n": [1]})
        fp("floating-scalar-compare", f"{name} {LETTERS[bits]} zero", f"00011110{ftype}100000001000nnnnn{e}1000", "n=vr", bits, 10)
    for e, name in ((0, "FCCMP"), (1, "FCCMPE")):
        fp("floating-scalar-compare", f"{name} {LETTERS[bits]}", f"00011110{ftype}1mmmmmcccc01nnnnn{e}ffff", "n=vr m=vr", bits, 16,
           choose={"c": list(range(16))}, reads_flags=True)
    row("floating-scalar-move", f"FCSEL {LETTERS[bits]}", f"00011110{ftype}1mmmmmcccc11nnnnnddddd", "d=vw n=vr m=vr", 16,
        choose={"c": list(range(16))}, reads_flags=True)
    for op, name in enumerate(("FMOV", "FABS", "FNEG")):
        row("floating-scalar-move", f"{name} {LETTERS[bits]}", f"00011110{ftype}1{op:06b}10000nnnnnddddd", "d=vw n=vr", 4,
            values={"n": vectors(name, bits)})
    row("floating-scalar-move", f"FMOV {LETTERS[bits]} immediate", f"00011110{ftype}1iiiiiiii10000000ddddd", "d=vw", 12,
        choose={"i": [0, 0x70, 0x80, 0xFF, 0x3F, 0x40, 0x7F, 0xC0, 0x55, 0xAA, 0x10, 0x0F]})
for name, head in (("H to W", "0001111011100110000000"), ("H to X", "1001111011100110000000"), ("S to W", "0001111000100110000000"),
                   ("D to X", "1001111001100110000000"), ("upper to X", "1001111010101110000000")):
    row("floating-scalar-move", f"FMOV {name}", f"{head}nnnnnddddd", "d=w n=vr", 4)
for name, head, role in (("W to H", "0001111011100111000000", "vw"), ("X to H", "1001111011100111000000", "vw"),
                         ("W to S", "0001111000100111000000", "vw"), ("X to D", "1001111001100111000000", "vw"),
                         ("X to upper", "1001111010101111000000", "vx")):
    row("floating-scalar-move", f"FMOV {name}", f"{head}nnnnnddddd", f"d={role} n=r", 4)

for mode, op, name in (("00", 0, "FCVTNS"), ("00", 1, "FCVTNU"), ("00", 4, "FCVTAS"), ("00", 5, "FCVTAU"), ("01", 0, "FCVTPS"),
                       ("01", 1, "FCVTPU"), ("10", 0, "FCVTMS"), ("10", 1, "FCVTMU"), ("11", 0, "FCVTZS"), ("11", 1, "FCVTZU")):
    for ftype, bits in TYPES:
        for sf in (0, 1):
            fp("floating-scalar-integer", f"{name} {LETTERS[bits]} to {'WX'[sf]}", f"{sf}0011110{ftype}1{mode}{op:03b}000000nnnnnddddd",
               "d=w n=vr", bits, 10)
fp("floating-scalar-integer", "FJCVTZS", "0001111001111110000000nnnnnddddd", "d=w n=vr", 64, 40,
   values={"n": [v for v in vectors("FJCVTZS", 64) if not 0 < v & (1 << 64) - 1 < 1 << 52]})
for op, name in ((2, "SCVTF"), (3, "UCVTF")):
    for ftype, bits in TYPES:
        for sf in (0, 1):
            fp("floating-scalar-integer", f"{name} {'WX'[sf]} to {LETTERS[bits]}", f"{sf}0011110{ftype}100{op:03b}000000nnnnnddddd", "d=vw n=r", bits, 10)
            fp("floating-scalar-fixed", f"{name} {'WX'[sf]} to {LETTERS[bits]}", f"{sf}0011110{ftype}000{op:03b}iiiiiinnnnnddddd", "d=vw n=r", bits, 10,
               valid=lambda f, sf=sf: sf or f["i"] >= 32, choose={"i": [0, 1, 31, 32, 33, 48, 56, 60, 62, 63]})
            fp("floating-scalar-fixed", f"FCVTZ{name[0]} {LETTERS[bits]} to {'WX'[sf]}", f"{sf}0011110{ftype}011{op - 2:03b}iiiiiinnnnnddddd",
               "d=w n=vr", bits, 10, valid=lambda f, sf=sf: sf or f["i"] >= 32, choose={"i": [0, 1, 31, 32, 33, 48, 56, 60, 62, 63]})

# ---- Vectors, and the scalars in their encodings -------------------------------------------------------------------

def vector_forms(u, a, opcode, scalar=False):
    """(pattern up to the registers, bits, Q) of three registers of the same type."""
    head = f"01{u}11110" if scalar else f"0q{u}01110"
    yield f"{head}{a}10mmmmm00{opcode}1", 16
    yield f"{head}{a}01mmmmm11{opcode}1", 32
    yield (head if scalar else f"01{u}01110") + f"{a}11mmmmm11{opcode}1", 64


for name, u, a, opcode, destination in (
        ("FMAXNM", 0, 0, "000", "w"), ("FMLA", 0, 0, "001", "x"), ("FADD", 0, 0, "010", "w"), ("FMULX", 0, 0, "011", "w"),
        ("FCMEQ", 0, 0, "100", "w"), ("FMAX", 0, 0, "110", "w"), ("FRECPS", 0, 0, "111", "w"), ("FMINNM", 0, 1, "000", "w"),
        ("FMLS", 0, 1, "001", "x"), ("FSUB", 0, 1, "010", "w"), ("FMIN", 0, 1, "110", "w"), ("FRSQRTS", 0, 1, "111", "w"),
        ("FMAXNMP", 1, 0, "000", "w"), ("FADDP", 1, 0, "010", "w"), ("FMUL", 1, 0, "011", "w"), ("FCMGE", 1, 0, "100", "w"),
        ("FACGE", 1, 0, "101", "w"), ("FMAXP", 1, 0, "110", "w"), ("FDIV", 1, 0, "111", "w"), ("FMINNMP", 1, 1, "000", "w"),
        ("FABD", 1, 1, "010", "w"), ("FCMGT", 1, 1, "100", "w"), ("FACGT", 1, 1, "101", "w"), ("FMINP", 1, 1, "110", "w")):
    for pattern, bits in vector_forms(u, a, opcode):
        fp("floating-vector-three-same", f"{name} {LETTERS[bits]} (vector)", f"{pattern}nnnnnddddd", f"d=v{destination} n=vr m=vr", bits, 6)
    if name in ("FMULX", "FCMEQ", "FRECPS", "FRSQRTS", "FCMGE", "FACGE", "FABD", "FCMGT", "FACGT"):
        for pattern, bits in vector_forms(u, a, opcode, scalar=True):
            fp("floating-vector-scalar", f"{name} {LETTERS[bits]} (vector scalar)", f"{pattern}nnnnnddddd", "d=vw n=vr m=vr", bits, 8)


def misc_forms(u, a, opcode, half=True, scalar=False):
    head = f"01{u}11110" if scalar else f"0q{u}01110"
    if half:
        yield f"{head}{a}111100{opcode}10", 16
    yield f"{head}{a}010000{opcode}10", 32
    yield (head if scalar else f"01{u}01110") + f"{a}110000{opcode}10", 64


for name, u, a, opcode in (
        ("FRINTN", 0, 0, "11000"), ("FRINTM", 0, 0, "11001"), ("FRINTP", 0, 1, "11000"), ("FRINTZ", 0, 1, "11001"),
        ("FRINTA", 1, 0, "11000"), ("FRINTX", 1, 0, "11001"), ("FRINTI", 1, 1, "11001"), ("FRINT32Z", 0, 0, "11110"),
        ("FRINT64Z", 0, 0, "11111"), ("FRINT32X", 1, 0, "11110"), ("FRINT64X", 1, 0, "11111"), ("FCVTNS", 0, 0, "11010"),
        ("FCVTMS", 0, 0, "11011"), ("FCVTAS", 0, 0, "11100"), ("FCVTPS", 0, 1, "11010"), ("FCVTZS", 0, 1, "11011"),
        ("FCVTNU", 1, 0, "11010"), ("FCVTMU", 1, 0, "11011"), ("FCVTAU", 1, 0, "11100"), ("FCVTPU", 1, 1, "11010"),
        ("FCVTZU", 1, 1, "11011"), ("SCVTF", 0, 0, "11101"), ("UCVTF", 1, 0, "11101"), ("FCMGT zero", 0, 1, "01100"),
        ("FCMEQ zero", 0, 1, "01101"), ("FCMLT zero", 0, 1, "01110"), ("FCMGE zero", 1, 1, "01100"), ("FCMLE zero", 1, 1, "01101"),
        ("FRECPE", 0, 1, "11101"), ("FRSQRTE", 1, 1, "11101"), ("FRECPX", 0, 1, "11111"), ("FSQRT", 1, 1, "11111"),
        ("FABS", 0, 1, "01111"), ("FNEG", 1, 1, "01111")):
    if name != "FRECPX":
        for pattern, bits in misc_forms(u, a, opcode, "FRINT" not in name or name[5] not in "36"):
            fp("floating-vector-misc", f"{name} {LETTERS[bits]} (vector)", f"{pattern}nnnnnddddd", "d=vw n=vr", bits, 6)
    if name[:5] != "FRINT" and name not in ("FSQRT", "FABS", "FNEG"):
        for pattern, bits in misc_forms(u, a, opcode, scalar=True):
            fp("floating-vector-scalar", f"{name} {LETTERS[bits]} (vector scalar)", f"{pattern}nnnnnddddd", "d=vw n=vr", bits, 10)
row("floating-vector-misc", "URECPE", "0q00111010100001110010nnnnnddddd", "d=vw n=vr", 8, element=32)
row("floating-vector-misc", "URSQRTE", "0q10111010100001110010nnnnnddddd", "d=vw n=vr", 8, element=32)

for name, pattern, bits, destination in (
        ("FCVTL H", "0q00111000100001011110", 16, "w"), ("FCVTL S", "0q00111001100001011110", 32, "w"),
        ("FCVTN S", "0q00111000100001011010", 32, "x"), ("FCVTN D", "0q00111001100001011010", 64, "x"),
        ("FCVTXN", "0q10111001100001011010", 64, "x"), ("BFCVTN", "0q00111010100001011010", 32, "x"),
        ("FCVTXN scalar", "0111111001100001011010", 64, "w")):
    # FCVTN and its kin keep the lower half of the destination when Q is 1; they read none of it otherwise.
    if destination == "x":
        fp("floating-vector-convert", f"{name}", pattern.replace("q", "0") + "nnnnnddddd", "d=vw n=vr", bits, 10)
        fp("floating-vector-convert", f"{name} (upper half)", pattern.replace("q", "1") + "nnnnnddddd", "d=vx n=vr", bits, 10)
    else:
        fp("floating-vector-convert", name, f"{pattern}nnnnnddddd", "d=vw n=vr", bits, 16)

for name, a, opcode in (("FMAXNM", 0, "01100"), ("FMINNM", 1, "01100"), ("FADD", 0, "01101"), ("FMAX", 0, "01111"), ("FMIN", 1, "01111")):
    if name != "FADD":
        fp("floating-vector-reduce", f"{name}V H", f"0q001110{a}011000{opcode}10nnnnnddddd", "d=vw n=vr", 16, 10)
        fp("floating-vector-reduce", f"{name}V S", f"01101110{a}011000{opcode}10nnnnnddddd", "d=vw n=vr", 32, 10)
    fp("floating-vector-reduce", f"{name}P H", f"01011110{a}011000{opcode}10nnnnnddddd", "d=vw n=vr", 16, 6)
    fp("floating-vector-reduce", f"{name}P S", f"01111110{a}011000{opcode}10nnnnnddddd", "d=vw n=vr", 32, 6)
    fp("floating-vector-reduce", f"{name}P D", f"01111110{a}111000{opcode}10nnnnnddddd", "d=vw n=vr", 64, 6)

for name, u, opcode, destination in (("FMLA", 0, "0001", "x"), ("FMLS", 0, "0101", "x"), ("FMUL", 0, "1001", "w"), ("FMULX", 1, "1001", "w")):
    for kind, head, scalar in (("by element", f"0q{u}01111", False), ("scalar by element", f"01{u}11111", True)):
        regs = f"d=v{destination} n=vr m=vr"
        fp("floating-vector-element", f"{name} H ({kind})", f"{head}00ljmmmm{opcode}h0nnnnnddddd", regs, 16, 8)
        fp("floating-vector-element", f"{name} S ({kind})", f"{head}10lmmmmm{opcode}h0nnnnnddddd", regs, 32, 8)
        fp("floating-vector-element", f"{name} D ({kind})", (head if scalar else f"01{u}01111") + f"110mmmmm{opcode}h0nnnnnddddd", regs, 64, 6)

for name, u, opcode in (("SCVTF", 0, "11100"), ("UCVTF", 1, "11100"), ("FCVTZS", 0, "11111"), ("FCVTZU", 1, "11111")):
    for bits, immediate in ((16, "001iiii"), (32, "01iiiii"), (64, "1iiiiii")):
        q = "1" if bits == 64 else "q"
        fp("floating-vector-fixed", f"{name} {LETTERS[bits]}", f"0{q}{u}011110{immediate}{opcode}1nnnnnddddd", "d=vw n=vr", bits, 8)
        more = {}
        if (name, bits) == ("FCVTZS", 16):
            more["values"] = {"n": [value & ~0x8000 for value in vectors(name, bits)]}
        fp("floating-vector-fixed", f"{name} {LETTERS[bits]} scalar", f"01{u}111110{immediate}{opcode}1nnnnnddddd", "d=vw n=vr", bits, 8, **more)


def long_row(file, name, pattern, bits, count=12):
    """The addend is of single precision, the factors have as many bits as given."""
    fp(file, name, pattern, "d=vx n=vr m=vr", bits, count, values={"d": vectors(name + "d", 32)})


for name, head, opcode, u, indexed in (("FMLAL", "0q001110001", "11101", 0, "0000"), ("FMLAL2", "0q101110001", "11001", 1, "1000"),
                                       ("FMLSL", "0q001110101", "11101", 0, "0100"), ("FMLSL2", "0q101110101", "11001", 1, "1100")):
    long_row("floating-vector-long", name, f"{head}mmmmm{opcode}1nnnnnddddd", 16)
    long_row("floating-vector-long", f"{name} (by element)", f"0q{u}0111110ljmmmm{indexed}h0nnnnnddddd", 16)

for size, bits in ((1, 16), (2, 32), (3, 64)):
    q = "1" if bits == 64 else "q"
    fp("floating-vector-complex", f"FCMLA {LETTERS[bits]}", f"0{q}101110{size:02b}0mmmmm110rr1nnnnnddddd", "d=vx n=vr m=vr", bits, 12)
    fp("floating-vector-complex", f"FCADD {LETTERS[bits]}", f"0{q}101110{size:02b}0mmmmm111r01nnnnnddddd", "d=vw n=vr m=vr", bits, 10)
fp("floating-vector-complex", "FCMLA H (by element)", "0q10111101lmmmmm0rr1h0nnnnnddddd", "d=vx n=vr m=vr", 16, 12, valid=lambda f: f["q"] or not f["h"])
fp("floating-vector-complex", "FCMLA S (by element)", "01101111100mmmmm0rr1h0nnnnnddddd", "d=vx n=vr m=vr", 32, 12)


def bfloats(name):
    """Pairs of upper halves of single-precision numbers."""
    high, low = vectors(name + "high", 32), vectors(name + "low", 32)
    mask = sum(0xFFFF0000 << at for at in range(0, 128, 32))
    return [(h & mask) | (l & mask) >> 16 for h, l in zip(high, low)]


for name, pattern in (("BFDOT", "0q101110010mmmmm111111"), ("BFMMLA", "01101110010mmmmm111011"), ("BFMLALB, BFMLALT", "0q101110110mmmmm111111"),
                      ("BFDOT (by element)", "0q00111101lmmmmm1111h0"), ("BFMLALB, BFMLALT (by element)", "0q00111111ljmmmm1111h0")):
    fp("floating-vector-bfloat", name, f"{pattern}nnnnnddddd", "d=vx n=vr m=vr", 32, 20,
       values={"n": bfloats(name + "n"), "m": bfloats(name + "m")})
