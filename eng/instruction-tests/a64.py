"""The table of encodings to test: one Row a form, in the order of the .ins files.

pattern   32 characters, bit 31 first: 0, 1, or the letter of a field.
regs      what the register fields do, as "d=w n=r":  r read, w written, x both; R, W, X the same where 31 is SP;
          b base address, p base address that is written back (31 is SP for both). + after it: the next register too.
          v and one of r w x: a vector register; *3 after it: three from that one on, V0 after V31.
choose    values for a field that is no register; otherwise extremes and random ones.
values    values for a register that is read, by its letter.
"""
from dataclasses import dataclass, field
from typing import Callable, Optional

@dataclass
class Memory:
    size: int                     # of an element, in bytes
    access: str                   # r read, w written, x both, - neither (prefetch)
    count: int = 1                # elements, one after another
    offset: Callable = lambda f, x: 0   # of the access from the base, by fields and register values
    whole: bool = False           # aligned to all elements together
    align: int = 0                # of the first, if it is not the size


@dataclass
class Row:
    file: str
    name: str
    pattern: str
    regs: str = ""
    count: int = 4
    choose: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    reads_flags: bool = False
    flags: list = field(default_factory=lambda: list(range(16)))
    memory: Optional[Memory] = None
    element: int = 0              # bits of a vector's elements, for interesting values; 0 for any
    fpcr: list = field(default_factory=list)   # values of FPCR, if it is read
    fpsr: list = field(default_factory=list)   # values of FPSR, if flags are set
    literal: int = 0              # bytes read at PC + the field i * 4
    valid: Callable = lambda f: True
    undefined: bool = False       # nothing is read; the oracle must refuse the word
    time_limit: bool = False
    stand_in: Optional[Callable] = None   # lines of Armv8.0 that do the same, for what no oracle has: of fields and a free register,
                                          # they may change that, V31 and NZCV besides


ROWS = []


def row(*args, **kwargs):
    ROWS.append(Row(*args, **kwargs))


def signed(value, bits):
    return value - (1 << bits) if value >> (bits - 1) & 1 else value


def is_bitmask(n, imms, sf):
    """Arm ARM, DecodeBitMasks with immediate TRUE: whether it is defined."""
    length = ((n << 6) | (~imms & 63)).bit_length() - 1
    if length < 1 or (n and not sf):
        return False
    levels = (1 << length) - 1
    return imms & levels != levels


# ---- Data processing, immediate ------------------------------------------------------------------------------------

for op, name in enumerate(("ADD", "ADDS", "SUB", "SUBS")):
    row("add-subtract-immediate", f"{name} (immediate)", f"z{op:02b}100010hiiiiiiiiiiiinnnnnddddd",
        "d=w n=R" if op & 1 else "d=W n=R", 10)

for op, name in enumerate(("AND", "ORR", "EOR", "ANDS")):
    row("logical-immediate", f"{name} (immediate)", f"z{op:02b}100100Nrrrrrrssssssnnnnnddddd",
        "d=w n=r" if op == 3 else "d=W n=r", 10,
        choose={"s": [0, 7, 0b111100, 0b111000, 0b110010, 0b100101, 0b011110, 0b111110, 30, 62]},
        valid=lambda f: is_bitmask(f["N"], f["s"], f["z"]))

for op, name in ((0, "MOVN"), (2, "MOVZ"), (3, "MOVK")):
    row("move-wide", name, f"z{op:02b}100101hhiiiiiiiiiiiiiiiiddddd", "d=x" if op == 3 else "d=w", 10,
        choose={"h": [0, 1, 2, 3]}, valid=lambda f: f["z"] or f["h"] < 2)

for op, name in enumerate(("ADR", "ADRP")):
    row("pc-relative", name, f"{op}ll10000iiiiiiiiiiiiiiiiiiiddddd", "d=w", 8,
        choose={"l": [0, 1, 2, 3], "i": [0, 1, 0x3FFFF, 0x40000, 0x7FFFF, 0x12345]})

BITFIELD_POSITIONS = [0, 1, 7, 8, 15, 16, 31, 32, 40, 63, 62, 5]
for op, name in enumerate(("SBFM", "BFM", "UBFM")):
    for sf in range(2):
        row("bitfield", f"{name} {'WX'[sf]}", f"{sf}{op:02b}100110{sf}rrrrrrssssssnnnnnddddd",
            "d=x n=r" if op == 1 else "d=w n=r", 12,
            choose={"r": [p & (63 if sf else 31) for p in BITFIELD_POSITIONS],
                    "s": [p & (63 if sf else 31) for p in BITFIELD_POSITIONS]})

for sf in range(2):
    row("extract", f"EXTR {'WX'[sf]}", f"{sf}00100111{sf}0mmmmm{'i' if sf else '0'}iiiiinnnnnddddd", "d=w n=r m=r", 8)

# ---- Data processing, register -------------------------------------------------------------------------------------

for op, name in enumerate(("ADD", "ADDS", "SUB", "SUBS")):
    row("add-subtract-shifted", f"{name} (shifted register)", f"z{op:02b}01011hh0mmmmmiiiiiinnnnnddddd",
        "d=w n=r m=r", 12, choose={"h": [0, 1, 2], "i": [0, 1, 31, 32, 63, 12]}, valid=lambda f: f["z"] or f["i"] < 32)
    row("add-subtract-extended", f"{name} (extended register)", f"z{op:02b}01011001mmmmmeeeiiinnnnnddddd",
        "d=w n=R m=r" if op & 1 else "d=W n=R m=r", 16, choose={"e": list(range(8)), "i": [0, 1, 2, 3, 4]})
for op, name in enumerate(("ADC", "ADCS", "SBC", "SBCS")):
    row("add-subtract-carry", name, f"z{op:02b}11010000mmmmm000000nnnnnddddd", "d=w n=r m=r", 8, reads_flags=True)

for op, name in enumerate(("AND", "BIC", "ORR", "ORN", "EOR", "EON", "ANDS", "BICS")):
    row("logical-shifted", f"{name} (shifted register)", f"z{op >> 1:02b}01010hh{op & 1}mmmmmiiiiiinnnnnddddd",
        "d=w n=r m=r", 10, choose={"h": [0, 1, 2, 3], "i": [0, 1, 31, 32, 63, 12]},
        valid=lambda f: f["z"] or f["i"] < 32)

for op, name in enumerate(("CSEL", "CSINC", "CSINV", "CSNEG")):
    row("conditional-select", name, f"z{op >> 1}011010100mmmmmcccc0{op & 1}nnnnnddddd", "d=w n=r m=r", 16,
        choose={"c": list(range(16))}, reads_flags=True)

for op, name in enumerate(("CCMN", "CCMP")):
    row("conditional-compare", f"{name} (register)", f"z{op}111010010mmmmmcccc00nnnnn0ffff", "n=r m=r", 16,
        choose={"c": list(range(16)), "f": list(range(16))}, reads_flags=True)
    row("conditional-compare", f"{name} (immediate)", f"z{op}111010010iiiiicccc10nnnnn0ffff", "n=r", 16,
        choose={"c": list(range(16)), "f": list(range(16))}, reads_flags=True,
        values={"n": [0, 1, 31, (1 << 64) - 31, 0x80000000, 1 << 63, (1 << 63) - 1, 0xFFFFFFFF, 0x7FFFFFFF]})

ONE_BIT = [0, 1, 1 << 63, 0x80000000, 0xFFFFFFFF, (1 << 64) - 1, 0x7FFFFFFF, 0x00FF00FF00FF00FF, 0xFFFFFFFF00000000]
for name, pattern in (("RBIT", "z101101011000000000000"), ("REV16", "z101101011000000000001"),
                      ("REV W", "0101101011000000000010"), ("REV32", "1101101011000000000010"),
                      ("REV X", "1101101011000000000011"), ("CLZ", "z101101011000000000100"),
                      ("CLS", "z101101011000000000101")):
    row("data-processing-1-source", name, pattern + "nnnnnddddd", "d=w n=r", 10 if name[0] == "C" else 6,
        values={"n": ONE_BIT} if name[0] == "C" else {})

MIN32, MIN64, ONES = 1 << 31, 1 << 63, (1 << 64) - 1
for op, name in enumerate(("UDIV", "SDIV")):
    row("data-processing-2-source", name, f"z0011010110mmmmm00001{op}nnnnnddddd", "d=w n=r m=r", 16,
        values={"n": [MIN64, MIN32, ONES, 7, MIN64 | MIN32, None, 0], "m": [ONES, 0, 0xFFFFFFFF, 3, None, 1, 0xFFFFFFFE]})
for op, name in enumerate(("LSLV", "LSRV", "ASRV", "RORV")):
    row("data-processing-2-source", name, f"z0011010110mmmmm0010{op:02b}nnnnnddddd", "d=w n=r m=r", 10,
        values={"m": [0, 31, 32, 63, 64, ONES, 1, None]})
for c, suffix in enumerate(("", "C")):
    for size, width in enumerate("BHWX"):
        row("data-processing-2-source", f"CRC32{suffix}{width}", f"{int(size == 3)}0011010110mmmmm010{c}{size:02b}nnnnnddddd",
            "d=w n=r m=r", 4, values={"n": [0, 0xFFFFFFFF, None, None]})

for op, name in enumerate(("MADD", "MSUB")):
    row("data-processing-3-source", name, f"z0011011000mmmmm{op}aaaaannnnnddddd", "d=w n=r m=r a=r", 10)
    row("data-processing-3-source", "S" + name + "L", f"10011011001mmmmm{op}aaaaannnnnddddd", "d=w n=r m=r a=r", 6)
    row("data-processing-3-source", "U" + name + "L", f"10011011101mmmmm{op}aaaaannnnnddddd", "d=w n=r m=r a=r", 6)
row("data-processing-3-source", "SMULH", "10011011010mmmmm011111nnnnnddddd", "d=w n=r m=r", 8)
row("data-processing-3-source", "UMULH", "10011011110mmmmm011111nnnnnddddd", "d=w n=r m=r", 8)

for name, pattern in (("CFINV", "11010101000000000100000000011111"), ("XAFLAG", "11010101000000000100000000111111"),
                      ("AXFLAG", "11010101000000000100000001011111")):
    row("flags", name, pattern, "", 16, reads_flags=True)
row("flags", "RMIF", "10111010000iiiiii00001nnnnn0ffff", "n=r", 12, reads_flags=True)
row("flags", "SETF8", "0011101000000000000010nnnnn01101", "n=r", 8, reads_flags=True,
    values={"n": [0, 0x7F, 0x80, 0xFF, 0x100, 0x180, 0xFFFFFFFFFFFFFF00, None]})
row("flags", "SETF16", "0011101000000000010010nnnnn01101", "n=r", 8, reads_flags=True,
    values={"n": [0, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x18000, 0xFFFFFFFFFFFF0000, None]})

# ---- Branches ------------------------------------------------------------------------------------------------------

IMM26 = {"i": [2, 3, 0x3FFFFFF, 0x2000000, 0x1FFFFFF, 0x40, 0x3FFFC00, 1]}
row("branches", "B", "000101iiiiiiiiiiiiiiiiiiiiiiiiii", "", 8, choose=IMM26)
row("branches", "B to itself", "00010100000000000000000000000000", "", 1, time_limit=True)
row("branches", "BL", "100101iiiiiiiiiiiiiiiiiiiiiiiiii", "", 8, choose=IMM26)
IMM19 = {"i": [2, 0x7FFFF, 0x40000, 0x3FFFF, 0x55, 0x7FF00]}
for cond in range(16):
    row("branches", "B.cond", f"01010100iiiiiiiiiiiiiiiiiii0{cond:04b}", "", 4, choose=IMM19, reads_flags=True,
        flags=[0, 0b1111, 0b1000, 0b0010])  # among these each condition both holds and fails, but for AL and NV
for op, name in enumerate(("CBZ", "CBNZ")):
    row("branches", name, f"z011010{op}iiiiiiiiiiiiiiiiiiittttt", "t=r", 12, choose=IMM19,
        values={"t": [0, 1, 0xFFFFFFFF00000000, 0, 1 << 63, 1 << 31]})
for op, name in enumerate(("TBZ", "TBNZ")):
    row("branches", name, f"b011011{op}BBBBBiiiiiiiiiiiiiittttt", "t=r", 16,
        choose={"i": [2, 0x3FFF, 0x2000, 0x1FFF, 0x55], "B": [0, 31, 15, 7, 1]},
        values={"t": [0, ONES, 1 << 63, 1 << 31, 1, 0x5555555555555555, 0xAAAAAAAAAAAAAAAA]})
TARGETS = [0x40001100, 0x40000FFC, 0x3FF00000, 0x40001008]
for name, op in (("BR", "00"), ("BLR", "01"), ("RET", "10")):
    row("branches", name, f"11010110{'0'}{op}11111000000nnnnn00000", "n=r", 4, values={"n": TARGETS},
        valid=lambda f: f["n"] != 31)

# ---- Loads and stores of one register ------------------------------------------------------------------------------

SINGLE = [("STRB", 0, 0), ("LDRB", 0, 1), ("LDRSB X", 0, 2), ("LDRSB W", 0, 3), ("STRH", 1, 0), ("LDRH", 1, 1),
          ("LDRSH X", 1, 2), ("LDRSH W", 1, 3), ("STR W", 2, 0), ("LDR W", 2, 1), ("LDRSW", 2, 2), ("STR X", 3, 0),
          ("LDR X", 3, 1)]
IMM9 = [0, 0x1FF, 0x100, 0xFF, 8, 0x1F0, 0x33]


def no_overlap(f):
    """Write-back to a register that is also transferred is CONSTRAINED UNPREDICTABLE; 31 is SP in one, ZR in the other."""
    return f["n"] == 31 or f["n"] not in (f.get("t"), f.get("u"))


def offset9(f, x):
    return signed(f["i"], 9)


for name, size, opc in SINGLE:
    access, role = ("w", "r") if opc == 0 else ("r", "w")
    head = f"{size:02b}11100"
    for file, tail, base, offset, valid in (
            ("load-store-unscaled", "00", "b", offset9, lambda f: True),
            ("load-store-post-index", "01", "p", lambda f, x: 0, no_overlap),
            ("load-store-unprivileged", "10", "b", offset9, lambda f: True),
            ("load-store-pre-index", "11", "p", offset9, no_overlap)):
        row(file, f"{name} ({file[11:]})", f"{head}0{opc:02b}0iiiiiiiii{tail}nnnnnttttt", f"t={role} n={base}", 4,
            choose={"i": IMM9}, memory=Memory(1 << size, access, offset=offset), valid=valid)
    row("load-store-unsigned-offset", f"{name} (unsigned offset)", f"{head}1{opc:02b}iiiiiiiiiiiinnnnnttttt",
        f"t={role} n=b", 4, choose={"i": [0, 1, 0xFFF, 0x800]},
        memory=Memory(1 << size, access, offset=lambda f, x, size=size: f["i"] << size))

EXTENDS = {2: lambda v: v & 0xFFFFFFFF, 3: lambda v: v, 6: lambda v: signed(v & 0xFFFFFFFF, 32), 7: lambda v: v}
for name, size, opc in SINGLE + [("PRFM", 3, 2)]:
    access, role = ("w", "r") if opc == 0 else ("r", "w")
    if name == "PRFM":
        access, role = "-", ""
    row("load-store-register-offset", f"{name} (register offset)", f"{size:02b}111000{opc:02b}1mmmmmeees10nnnnnttttt",
        (f"t={role} " if role else "") + "n=b m=r", 6, choose={"e": [2, 3, 6, 7], "s": [0, 1], "t": [0, 1, 2, 5, 16, 21]},
        memory=Memory(1 << size, access, offset=lambda f, x, size=size: EXTENDS[f["e"]](x["m"]) << (size * f["s"])),
        valid=lambda f: f["n"] != f["m"])
PREFETCH = [0, 1, 2, 4, 8, 16, 17, 21, 6, 31]
row("load-store-unscaled", "PRFUM", "11111000100iiiiiiiii00nnnnnttttt", "n=b", 4, choose={"i": IMM9, "t": PREFETCH},
    memory=Memory(1, "-", offset=offset9))
row("load-store-unsigned-offset", "PRFM (immediate)", "1111100110iiiiiiiiiiiinnnnnttttt", "n=b", 6,
    choose={"i": [0, 1, 0xFFF, 0x800], "t": PREFETCH}, memory=Memory(1, "-", offset=lambda f, x: f["i"] << 3))

LITERALS = [0x7FFFE, 0x40000, 0x3FFF8, 0x123, 2, 0x7FF00]
for name, opc, size in (("LDR W", "00", 4), ("LDR X", "01", 8), ("LDRSW", "10", 4)):
    row("load-store-literal", f"{name} (literal)", f"{opc}011000iiiiiiiiiiiiiiiiiiittttt", "t=w", 6, literal=size,
        choose={"i": [i & ~1 for i in LITERALS] if size == 8 else LITERALS})
row("load-store-literal", "PRFM (literal)", "11011000iiiiiiiiiiiiiiiiiiittttt", "", 4, choose={"i": LITERALS, "t": PREFETCH})

# ---- Pairs ---------------------------------------------------------------------------------------------------------


def offset7(scale):
    return lambda f, x: signed(f["i"], 7) * scale


for name, opc, load, scale in (("STP W", 0, 0, 4), ("LDP W", 0, 1, 4), ("LDPSW", 1, 1, 4), ("STP X", 2, 0, 8), ("LDP X", 2, 1, 8)):
    for kind, file in (("00", "no-allocate-pair"), ("01", "pair-post-index"), ("10", "pair-offset"), ("11", "pair-pre-index")):
        if name == "LDPSW" and kind == "00":
            continue
        written_back = kind in ("01", "11")
        shown = name.replace("P", "NP") if kind == "00" else name
        row(f"load-store-{file}", f"{shown} ({file})", f"{opc:02b}10100{kind}{load}iiiiiiiuuuuunnnnnttttt",
            f"t={'w' if load else 'r'} u={'w' if load else 'r'} n={'p' if written_back else 'b'}", 5,
            choose={"i": [0, 1, 63, 64, 127, 5]},
            memory=Memory(scale, "r" if load else "w", 2, (lambda f, x: 0) if kind == "01" else offset7(scale)),
            valid=lambda f, w=written_back, l=load: (not w or no_overlap(f)) and (not l or f["t"] != f["u"]))

# ---- Exclusives and ordered accesses -------------------------------------------------------------------------------

for size, suffix in enumerate(("B", "H", " W", " X")):
    bits = f"{size:02b}"
    for order, (a, s) in enumerate((("", ""), ("A", "L"))):
        row("load-store-exclusive", f"LD{a}XR{suffix}", f"{bits}00100001011111{order}11111nnnnnttttt", "t=w n=b", 3,
            memory=Memory(1 << size, "r"))
        # Without a load-exclusive before it, the store fails: status 1, memory unchanged.
        row("load-store-exclusive", f"ST{s}XR{suffix} (monitor open)", f"{bits}001000000sssss{order}11111nnnnnttttt",
            "s=w t=r n=b", 3, memory=Memory(1 << size, "-"), valid=lambda f: f["s"] not in (f["t"], f["n"]))
    for lo, name in ((1, "AR"), (0, "LAR")):
        row("load-store-acquire-release", f"LD{name}{suffix}", f"{bits}00100011011111{lo}11111nnnnnttttt", "t=w n=b", 3,
            memory=Memory(1 << size, "r"))
    for lo, name in ((1, "LR"), (0, "LLR")):
        row("load-store-acquire-release", f"ST{name}{suffix}", f"{bits}00100010011111{lo}11111nnnnnttttt", "t=r n=b", 3,
            memory=Memory(1 << size, "w"))
    row("load-store-rcpc", f"LDAPR{suffix}", f"{bits}11100010111111110000nnnnnttttt", "t=w n=b", 3, memory=Memory(1 << size, "r"))
    row("load-store-rcpc", f"LDAPUR{suffix}", f"{bits}011001010iiiiiiiii00nnnnnttttt", "t=w n=b", 4, choose={"i": IMM9},
        memory=Memory(1 << size, "r", offset=offset9))
    row("load-store-rcpc", f"STLUR{suffix}", f"{bits}011001000iiiiiiiii00nnnnnttttt", "t=r n=b", 4, choose={"i": IMM9},
        memory=Memory(1 << size, "w", offset=offset9))
    for opc, width in (("10", "X"), ("11", "W")):
        if size < 2 or (size == 2 and width == "X"):
            row("load-store-rcpc", f"LDAPURS{'BHW'[size]} {width}", f"{bits}011001{opc}0iiiiiiiii00nnnnnttttt", "t=w n=b", 4,
                choose={"i": IMM9}, memory=Memory(1 << size, "r", offset=offset9))
for size, suffix in ((2, "W"), (3, "X")):
    for order, (a, s) in enumerate((("", ""), ("A", "L"))):
        row("load-store-exclusive-pair", f"LD{a}XP {suffix}", f"{size:02b}00100001111111{order}uuuuunnnnnttttt",
            "t=w u=w n=b", 4, memory=Memory(1 << size, "r", 2, whole=True), valid=lambda f: f["t"] != f["u"])
        row("load-store-exclusive-pair", f"ST{s}XP {suffix} (monitor open)", f"{size:02b}001000001sssss{order}uuuuunnnnnttttt",
            "s=w t=r u=r n=b", 4, memory=Memory(1 << size, "-", 2, whole=True), valid=lambda f: f["s"] not in (f["t"], f["u"], f["n"]))

# ---- Atomics -------------------------------------------------------------------------------------------------------

for op, name in enumerate(("LDADD", "LDCLR", "LDEOR", "LDSET", "LDSMAX", "LDSMIN", "LDUMAX", "LDUMIN", "SWP")):
    for size, suffix in enumerate(("B", "H", " W", " X")):
        row("load-store-atomic", f"{name}{suffix}", f"{size:02b}111000or1sssss{op:04b}00nnnnnttttt", "s=r t=w n=b", 4,
            choose={"o": [0, 1], "r": [0, 1]}, memory=Memory(1 << size, "x"))
EXPECTED_IS_THERE = "match"
for size, suffix in enumerate(("B", "H", " W", " X")):
    row("load-store-compare-and-swap", f"CAS{suffix}", f"{size:02b}0010001o1sssssr11111nnnnnttttt", "s=x t=r n=b", 6,
        memory=Memory(1 << size, "x"), values={"s": [EXPECTED_IS_THERE, None]}, valid=lambda f: f["s"] != f["n"])
for size, suffix in ((0, "W"), (1, "X")):
    row("load-store-compare-and-swap", f"CASP {suffix}", f"0{size}0010000o1sssssr11111nnnnnttttt", "s=x+ t=r+ n=b", 8,
        memory=Memory(4 << size, "x", 2, whole=True), values={"s": [EXPECTED_IS_THERE, None]},
        valid=lambda f: not f["s"] & 1 and not f["t"] & 1 and f["n"] not in (f["s"], f["s"] + 1))

# ---- Hints and barriers --------------------------------------------------------------------------------------------

for crm, op2, name in ((0, 0, "NOP"), (0, 1, "YIELD"), (0, 4, "SEV"), (0, 5, "SEVL"), (0, 6, "DGH"), (2, 0, "ESB"),
                       (2, 1, "PSB"), (2, 2, "TSB"), (2, 3, "GCSB"), (2, 4, "CSDB"), (2, 6, "CLRBHB"), (4, 0, "BTI"), (4, 2, "BTI c"), (4, 4, "BTI j"),
                       (4, 6, "BTI jc")):
    row("hints-barriers", name, f"11010101000000110010{crm:04b}{op2:03b}11111", "", 1)
row("hints-barriers", "HINT (unallocated)", "110101010000001100101cccooo11111", "", 6)
row("hints-barriers", "CLREX", "11010101000000110011cccc01011111", "", 3)
row("hints-barriers", "DSB", "11010101000000110011cccc10011111", "", 16, choose={"c": list(range(16))})
row("hints-barriers", "DMB", "11010101000000110011cccc10111111", "", 16, choose={"c": list(range(16))})
row("hints-barriers", "ISB", "11010101000000110011cccc11011111", "", 3)
