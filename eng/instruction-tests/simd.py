"""Advanced SIMD integer instructions and loads and stores of structures."""
from a64 import Memory, row

QC = [0, 0x08000000, 0x1F]
BITS = {"b": 8, "h": 16, "s": 32, "d": 64}
SIZE = {"b": "00", "h": "01", "s": "10", "d": "11"}
IMMH = {"b": "0001iii", "h": "001iiii", "s": "01iiiii", "d": "1iiiiii"}


def simd(file, name, pattern, regs, count=4, qc=False, **kwargs):
    row("simd-" + file, name, pattern, regs, count, fpsr=QC if qc else [], **kwargs)


def vector(pattern, size):
    """A vector of one doubleword is reserved."""
    pattern = pattern.replace("ss", SIZE[size])
    return pattern.replace("q", "1") if size == "d" else pattern


def sized(file, mnemonic, pattern, sizes, regs, qc=False, scalar="", **kwargs):
    """Rows of all sizes, and of the scalars named."""
    for size in sizes:
        simd(file, f"{mnemonic} {size.upper()}", vector(pattern, size), regs, 6, qc, element=BITS[size], **kwargs)
    for size in scalar:
        p = "01" + pattern[2] + "1" + pattern[4:]
        simd(file + "-scalar", f"{mnemonic} (scalar) {size.upper()}", p.replace("ss", SIZE[size]), regs, 4, qc, element=BITS[size], **kwargs)


# ---- Three registers of the same type ------------------------------------------------------------------------------

def three_same(u, opcode, mnemonic, sizes, reads_d=False, qc=False, scalar=""):
    sized("three-same", mnemonic, f"0q{u}01110ss1mmmmm{opcode}1nnnnnddddd", sizes,
          f"d={'vx' if reads_d else 'vw'} n=vr m=vr", qc, scalar)


SHIFTS = (0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 192, 193, 224, 225, 240, 241, 247, 248, 249, 255)


def shift_vectors(bits):
    """Amounts at the ends, in each element's low byte."""
    values = []
    for start in range(0, len(SHIFTS), 3):
        value = 0
        for i, at in enumerate(range(0, 128, bits)):
            value |= SHIFTS[(start + 5 * i) % len(SHIFTS)] << at
        values.append(value)
    return values


for u in range(2):
    s = "SU"[u]
    three_same(u, "00000", s + "HADD", "bhs")
    three_same(u, "00001", s + "QADD", "bhsd", qc=True, scalar="bhsd")
    three_same(u, "00010", s + "RHADD", "bhs")
    three_same(u, "00100", s + "HSUB", "bhs")
    three_same(u, "00101", s + "QSUB", "bhsd", qc=True, scalar="bhsd")
    three_same(u, "00110", ("CMGT", "CMHI")[u], "bhsd", scalar="d")
    three_same(u, "00111", ("CMGE", "CMHS")[u], "bhsd", scalar="d")
    for opcode, mnemonic, qc in (("01000", "SHL", 0), ("01001", "QSHL", 1), ("01010", "RSHL", 0), ("01011", "QRSHL", 1)):
        for size in "bhsd":
            for scalar in (0, 1):
                if scalar and not qc and size != "d":
                    continue
                p = f"{'01' if scalar else '0q'}{u}{scalar}1110{SIZE[size]}1mmmmm{opcode}1nnnnnddddd"
                p = p if scalar or size != "d" else p.replace("q", "1")
                simd("three-same" + "-scalar" * scalar, f"{s}{mnemonic}{' (scalar)' * scalar} {size.upper()}", p, "d=vw n=vr m=vr", 6,
                     bool(qc), element=BITS[size], values={"m": shift_vectors(BITS[size])})
    three_same(u, "01100", s + "MAX", "bhs")
    three_same(u, "01101", s + "MIN", "bhs")
    three_same(u, "01110", s + "ABD", "bhs")
    three_same(u, "01111", s + "ABA", "bhs", reads_d=True)
    three_same(u, "10000", ("ADD", "SUB")[u], "bhsd", scalar="d")
    three_same(u, "10001", ("CMTST", "CMEQ")[u], "bhsd", scalar="d")
    three_same(u, "10010", ("MLA", "MLS")[u], "bhs", reads_d=True)
    three_same(u, "10011", ("MUL", "PMUL")[u], "b" if u else "bhs")
    three_same(u, "10100", s + "MAXP", "bhs")
    three_same(u, "10101", s + "MINP", "bhs")
    three_same(u, "10110", ("SQDMULH", "SQRDMULH")[u], "hs", qc=True, scalar="hs")
three_same(0, "10111", "ADDP", "bhsd")
for u, size, mnemonic in ((0, 0, "AND"), (0, 1, "BIC"), (0, 2, "ORR"), (0, 3, "ORN"), (1, 0, "EOR"), (1, 1, "BSL"), (1, 2, "BIT"), (1, 3, "BIF")):
    simd("three-same", mnemonic, f"0q{u}01110{size:02b}1mmmmm000111nnnnnddddd", "d=vx n=vr m=vr" if u and size else "d=vw n=vr m=vr", 6)
for opcode, mnemonic in (("0000", "SQRDMLAH"), ("0001", "SQRDMLSH")):
    sized("three-same", mnemonic, f"0q101110ss0mmmmm1{opcode}1nnnnnddddd", "hs", "d=vx n=vr m=vr", True, "hs")
for u, size, opcode, mnemonic in ((0, 2, "100101", "SDOT"), (1, 2, "100101", "UDOT"), (0, 2, "100111", "USDOT")):
    simd("three-same", mnemonic, f"0q{u}01110{size:02b}0mmmmm{opcode}nnnnnddddd", "d=vx n=vr m=vr", 6, element=8)
for u, opcode, mnemonic in ((0, "101001", "SMMLA"), (1, "101001", "UMMLA"), (0, "101011", "USMMLA")):
    simd("three-same", mnemonic, f"01{u}01110100mmmmm{opcode}nnnnnddddd", "d=vx n=vr m=vr", 4, element=8)

# ---- Three registers of different types ----------------------------------------------------------------------------

for u in range(2):
    s = "SU"[u]
    for opcode, mnemonic, regs, narrow in (
            ("0000", s + "ADDL", "vw", 0), ("0001", s + "ADDW", "vw", 0), ("0010", s + "SUBL", "vw", 0), ("0011", s + "SUBW", "vw", 0),
            ("0100", ("ADDHN", "RADDHN")[u], "vx", 1), ("0101", s + "ABAL", "vx", 0), ("0110", ("SUBHN", "RSUBHN")[u], "vx", 1),
            ("0111", s + "ABDL", "vw", 0), ("1000", s + "MLAL", "vx", 0), ("1010", s + "MLSL", "vx", 0), ("1100", s + "MULL", "vw", 0)):
        for size in "bhs":
            simd("three-different", f"{mnemonic} {size.upper()}", f"0q{u}01110{SIZE[size]}1mmmmm{opcode}00nnnnnddddd",
                 f"d={regs} n=vr m=vr", 5, element=BITS[size] * (2 if narrow else 1))
for opcode, mnemonic, regs in (("1001", "SQDMLAL", "vx"), ("1011", "SQDMLSL", "vx"), ("1101", "SQDMULL", "vw")):
    for size in "hs":
        values = {"d": [0, (1 << 128) - 1, 0x7FFFFFFF7FFFFFFF7FFFFFFF7FFFFFFF, 0x80000000800000008000000080000000, None, 1 << 127,
                        0x7FFFFFFFFFFFFFFF7FFFFFFFFFFFFFFF, 0x80000000000000008000000000000000]} if regs == "vx" else {}
        for scalar in (0, 1):
            simd("three-different" + "-scalar" * scalar, f"{mnemonic} {size.upper()}", f"0{'1' if scalar else 'q'}0{scalar}1110{SIZE[size]}1mmmmm{opcode}00nnnnnddddd",
                 f"d={regs} n=vr m=vr", 6, True, element=BITS[size], values=values)
simd("three-different", "PMULL B", "0q001110001mmmmm111000nnnnnddddd", "d=vw n=vr m=vr", 6)
simd("three-different", "PMULL D", "0q001110111mmmmm111000nnnnnddddd", "d=vw n=vr m=vr", 6)

# ---- One source register -------------------------------------------------------------------------------------------

def misc(u, opcode, mnemonic, sizes, reads_d=False, qc=False, scalar=""):
    sized("two-register", mnemonic, f"0q{u}01110ss10000{opcode}10nnnnnddddd", sizes, f"d={'vx' if reads_d else 'vw'} n=vr", qc, scalar)


def narrowing(u, opcode, mnemonic, qc):
    for size in "bhs":
        simd("two-register", f"{mnemonic} {size.upper()}", f"0q{u}01110{SIZE[size]}10000{opcode}10nnnnnddddd", "d=vx n=vr", 6, qc, element=2 * BITS[size],
             values={"n": narrow_vectors(BITS[size])})
        if qc:
            simd("two-register-scalar", f"{mnemonic} {size.upper()}", f"01{u}11110{SIZE[size]}10000{opcode}10nnnnnddddd", "d=vx n=vr", 6, qc,
                 element=2 * BITS[size], values={"n": narrow_vectors(BITS[size])})


def narrow_vectors(bits):
    """Wide elements around the ends of narrow ones; None is any."""
    edges = [0, 1, (1 << bits) - 1, 1 << bits, (1 << bits - 1) - 1, 1 << bits - 1, (1 << 2 * bits) - (1 << bits - 1), (1 << 2 * bits) - (1 << bits - 1) - 1,
             (1 << 2 * bits) - 1, 1 << 2 * bits - 1]
    return [sum(edges[(k + i) % len(edges)] << at for i, at in enumerate(range(0, 128, 2 * bits))) for k in range(0, len(edges), 2)] + [None, None]


misc(0, "00000", "REV64", "bhs")
misc(1, "00000", "REV32", "bh")
misc(0, "00001", "REV16", "b")
for u in range(2):
    s = "SU"[u]
    misc(u, "00010", s + "ADDLP", "bhs")
    misc(u, "00110", s + "ADALP", "bhs", reads_d=True)
    misc(u, "00011", ("SUQADD", "USQADD")[u], "bhsd", True, True, "bhsd")
    misc(u, "00100", ("CLS", "CLZ")[u], "bhs")
    misc(u, "00111", ("SQABS", "SQNEG")[u], "bhsd", qc=True, scalar="bhsd")
    misc(u, "01000", ("CMGT #0", "CMGE #0")[u], "bhsd", scalar="d")
    misc(u, "01001", ("CMEQ #0", "CMLE #0")[u], "bhsd", scalar="d")
    misc(u, "01011", ("ABS", "NEG")[u], "bhsd", scalar="d")
misc(0, "01010", "CMLT #0", "bhsd", scalar="d")
misc(0, "00101", "CNT", "b")
simd("two-register", "NOT", "0q10111000100000010110nnnnnddddd", "d=vw n=vr", 6)
simd("two-register", "RBIT", "0q10111001100000010110nnnnnddddd", "d=vw n=vr", 6)
narrowing(0, "10010", "XTN", False)
narrowing(0, "10100", "SQXTN", True)
narrowing(1, "10100", "UQXTN", True)
narrowing(1, "10010", "SQXTUN", True)
for size in "bhs":
    simd("two-register", f"SHLL {size.upper()}", f"0q101110{SIZE[size]}100001001110nnnnnddddd", "d=vw n=vr", 4)
for u, opcode, mnemonic in ((0, "00011", "SADDLV"), (1, "00011", "UADDLV"), (0, "01010", "SMAXV"), (1, "01010", "UMAXV"), (0, "11010", "SMINV"),
                            (1, "11010", "UMINV"), (0, "11011", "ADDV")):
    for size in "bhs":
        simd("across-lanes", f"{mnemonic} {size.upper()}", f"0{'1' if size == 's' else 'q'}{u}01110{SIZE[size]}11000{opcode}10nnnnnddddd", "d=vw n=vr", 6, element=BITS[size])
simd("across-lanes", "ADDP (scalar)", "0101111011110001101110nnnnnddddd", "d=vw n=vr", 4)

# ---- By element ----------------------------------------------------------------------------------------------------

for u, opcode, mnemonic, regs, qc, scalar in (
        (1, "0000", "MLA", "vx", 0, 0), (1, "0100", "MLS", "vx", 0, 0), (0, "1000", "MUL", "vw", 0, 0), (0, "0010", "SMLAL", "vx", 0, 0),
        (1, "0010", "UMLAL", "vx", 0, 0), (0, "0110", "SMLSL", "vx", 0, 0), (1, "0110", "UMLSL", "vx", 0, 0), (0, "1010", "SMULL", "vw", 0, 0),
        (1, "1010", "UMULL", "vw", 0, 0), (0, "0011", "SQDMLAL", "vx", 1, 1), (0, "0111", "SQDMLSL", "vx", 1, 1), (0, "1011", "SQDMULL", "vw", 1, 1),
        (0, "1100", "SQDMULH", "vw", 1, 1), (0, "1101", "SQRDMULH", "vw", 1, 1), (1, "1101", "SQRDMLAH", "vx", 1, 1), (1, "1111", "SQRDMLSH", "vx", 1, 1)):
    for size, fields in (("h", "01ijmmmm"), ("s", "10immmmm")):
        for s in range(scalar + 1):
            simd("by-element" + "-scalar" * s, f"{mnemonic} (by element) {size.upper()}", f"0{'1' if s else 'q'}{u}{s}1111{fields}{opcode}k0nnnnnddddd",
                 f"d={regs} n=vr m=vr", 6, bool(qc), element=BITS[size], valid=lambda f, size=size: size == "s" or f["m"] < 16)
for u, size, opcode, mnemonic in ((0, "10", "1110", "SDOT"), (1, "10", "1110", "UDOT"), (0, "00", "1111", "SUDOT"), (0, "10", "1111", "USDOT")):
    simd("by-element", f"{mnemonic} (by element)", f"0q{u}01111{size}immmmm{opcode}k0nnnnnddddd", "d=vx n=vr m=vr", 6, element=8)

# ---- Shifts by an immediate ----------------------------------------------------------------------------------------

def shift(u, opcode, mnemonic, reads_d=False, qc=False, scalar="d"):
    regs = f"d={'vx' if reads_d else 'vw'} n=vr"
    for size in "bhsd":
        top = BITS[size] - 1
        choose = {"i": [0, 1, top, top >> 1, top - 1, BITS[size] // 2]}
        simd("shift-immediate", f"{mnemonic} (immediate) {size.upper()}", f"0{'1' if size == 'd' else 'q'}{u}011110{IMMH[size]}{opcode}1nnnnnddddd", regs, 6, qc, element=BITS[size], choose=choose)
        if size in scalar:
            simd("shift-immediate-scalar", f"{mnemonic} (immediate, scalar) {size.upper()}", f"01{u}111110{IMMH[size]}{opcode}1nnnnnddddd", regs, 6, qc, element=BITS[size], choose=choose)


for u in range(2):
    s = "SU"[u]
    shift(u, "00000", s + "SHR")
    shift(u, "00010", s + "SRA", True)
    shift(u, "00100", s + "RSHR")
    shift(u, "00110", s + "RSRA", True)
    shift(u, "01110", s + "QSHL", qc=True, scalar="bhsd")
shift(1, "01000", "SRI", True)
shift(0, "01010", "SHL")
shift(1, "01010", "SLI", True)
shift(1, "01100", "SQSHLU", qc=True, scalar="bhsd")
for u, opcode, mnemonic, qc in ((0, "10000", "SHRN", 0), (0, "10001", "RSHRN", 0), (0, "10010", "SQSHRN", 1), (0, "10011", "SQRSHRN", 1), (1, "10010", "UQSHRN", 1),
                                (1, "10011", "UQRSHRN", 1), (1, "10000", "SQSHRUN", 1), (1, "10001", "SQRSHRUN", 1)):
    for size in "bhs":
        top = BITS[size] - 1
        for scalar in range(qc + 1):
            simd("shift-narrow" + "-scalar" * scalar, f"{mnemonic} {size.upper()}", f"0{'1' if scalar else 'q'}{u}{scalar}11110{IMMH[size]}{opcode}1nnnnnddddd", "d=vx n=vr", 6, bool(qc),
                 element=2 * BITS[size], choose={"i": [0, 1, top, top, top - 1, top >> 1]})
for u, mnemonic in ((0, "SSHLL"), (1, "USHLL")):
    for size in "bhs":
        top = BITS[size] - 1
        simd("shift-immediate", f"{mnemonic} {size.upper()}", f"0q{u}011110{IMMH[size]}101001nnnnnddddd", "d=vw n=vr", 6, choose={"i": [0, 1, top, 0, top >> 1]})

# ---- Copies, permutations, tables ----------------------------------------------------------------------------------

IMM5 = {"b": "iiii1", "h": "iii10", "s": "ii100", "d": "i1000"}
for size in "bhsd":
    q = "1" if size == "d" else "q"
    simd("copy", f"DUP (element) {size.upper()}", f"0{q}001110000{IMM5[size]}000001nnnnnddddd", "d=vw n=vr", 6)
    simd("copy", f"DUP (element, scalar) {size.upper()}", f"01011110000{IMM5[size]}000001nnnnnddddd", "d=vw n=vr", 4)
    simd("copy", f"DUP (general) {size.upper()}", f"0{q}001110000{IMM5[size].replace('i', '0')}000011nnnnnddddd", "d=vw n=r", 4)
    simd("copy", f"INS (general) {size.upper()}", f"01001110000{IMM5[size]}000111nnnnnddddd", "d=vx n=r", 5)
    simd("copy", f"INS (element) {size.upper()}", f"01101110000{IMM5[size]}0{ {'b': 'jjjj', 'h': 'jjj0', 's': 'jj00', 'd': 'j000'}[size] }1nnnnnddddd", "d=vx n=vr", 6)
    simd("copy", f"UMOV {size.upper()}", f"0{'1' if size == 'd' else '0'}001110000{IMM5[size]}001111nnnnnddddd", "d=w n=vr", 5)
    if size != "d":
        simd("copy", f"SMOV {size.upper()}", f"0{'1' if size == 's' else 'q'}001110000{IMM5[size]}001011nnnnnddddd", "d=w n=vr", 6)
    for opcode, mnemonic in (("001", "UZP1"), ("010", "TRN1"), ("011", "ZIP1"), ("101", "UZP2"), ("110", "TRN2"), ("111", "ZIP2")):
        simd("permute", f"{mnemonic} {size.upper()}", f"0{q}001110{SIZE[size]}0mmmmm0{opcode}10nnnnnddddd", "d=vw n=vr m=vr", 4)
simd("permute", "EXT 8B", "00101110000mmmmm00iii0nnnnnddddd", "d=vw n=vr m=vr", 6)
simd("permute", "EXT 16B", "01101110000mmmmm0iiii0nnnnnddddd", "d=vw n=vr m=vr", 6)
NUMBERS = [0x000F101F202F303F404F80FFFE010E11, 0x3F3E3D3C3B3A39383736353433323130, 0x0001020304050607_18191A1B1C1D1E1F, 0x40414243444546474849FFFEFDFCFBFA,
           0x0010203001112131021222320313233, None, None]
for length in range(4):
    for op, mnemonic in enumerate(("TBL", "TBX")):
        simd("table", f"{mnemonic} {length + 1}", f"0q001110000mmmmm0{length:02b}{op}00nnnnnddddd", f"d={'vx' if op else 'vw'} n=vr*{length + 1} m=vr", 6, values={"m": NUMBERS})

# ---- Immediates ----------------------------------------------------------------------------------------------------

for name, cmode, op, q, regs in (
        ("MOVI S", "0kk0", 0, "q", "d=vw"), ("ORR S", "0kk1", 0, "q", "d=vx"), ("MOVI H", "10k0", 0, "q", "d=vw"), ("ORR H", "10k1", 0, "q", "d=vx"),
        ("MOVI S, ones", "110k", 0, "q", "d=vw"), ("MOVI B", "1110", 0, "q", "d=vw"), ("FMOV S", "1111", 0, "q", "d=vw"),
        ("MVNI S", "0kk0", 1, "q", "d=vw"), ("BIC S", "0kk1", 1, "q", "d=vx"), ("MVNI H", "10k0", 1, "q", "d=vw"), ("BIC H", "10k1", 1, "q", "d=vx"),
        ("MVNI S, ones", "110k", 1, "q", "d=vw"), ("MOVI D", "1110", 1, "q", "d=vw"), ("FMOV D", "1111", 1, "1", "d=vw")):
    simd("immediate", name, f"0{q}{op}0111100000iii{cmode}01jjjjjddddd", regs, 6)
simd("immediate", "FMOV H", "0q00111100000iii111111jjjjjddddd", "d=vw", 6)

# ---- Loads and stores of structures --------------------------------------------------------------------------------

def cells(total, access, align):
    """The memory as cells of 16 or fewer bytes."""
    size = next(s for s in (16, 8, 4, 2, 1) if total % s == 0)
    return Memory(size, access, total // size, align=align)


for opcode, registers, structure in (("0111", 1, 1), ("1010", 2, 1), ("0110", 3, 1), ("0010", 4, 1), ("1000", 2, 2), ("0100", 3, 3), ("0000", 4, 4)):
    for size in "bhsd":
        for q in range(2):
            if size == "d" and not q and structure > 1:
                continue
            for load in range(2):
                mnemonic = ("ST", "LD")[load]
                regs = f"t={'vw' if load else 'vr'}*{registers}"
                memory = cells(registers * (8 << q), "rw"[not load], BITS[size] // 8)
                name = f"{mnemonic}{structure} {registers} registers {size.upper()}"
                file = f"structures-{mnemonic.lower()}"
                simd(file, name, f"0{q}0011000{load}000000{opcode}{SIZE[size]}nnnnnttttt", regs + " n=b", 1, memory=memory)
                simd(file, name + ", post-index", f"0{q}0011001{load}011111{opcode}{SIZE[size]}nnnnnttttt", regs + " n=p", 1, memory=memory)
                simd(file, name + ", post-index by register", f"0{q}0011001{load}0mmmmm{opcode}{SIZE[size]}nnnnnttttt", regs + " m=r n=p", 1, memory=memory,
                     valid=lambda f: f["m"] != 31 and f["m"] != f["n"])

for registers in (1, 2, 3, 4):
    high, low = (registers - 1) >> 1, (registers - 1) & 1
    for size, lane in (("b", ("00", "iii")), ("h", ("01", "ii0")), ("s", ("10", "i00")), ("d", ("10", "001"))):
        width = BITS[size] // 8
        for kind in ("ST", "LD", "LDR"):
            load = int(kind != "ST")
            tail = f"11{high}0{SIZE[size]}" if kind == "LDR" else f"{lane[0]}{high}{lane[1]}"
            regs = f"t={ {'ST': 'vr', 'LD': 'vx', 'LDR': 'vw'}[kind] }*{registers}"
            memory = cells(registers * width, "rw"[not load], width)
            name = f"{kind[:2]}{registers}{kind[2:]} (single structure) {size.upper()}"
            file = f"structures-single-{kind.lower()}"
            simd(file, name, f"0q0011010{load}{low}00000{tail}nnnnnttttt", regs + " n=b", 2, memory=memory)
            simd(file, name + ", post-index", f"0q0011011{load}{low}11111{tail}nnnnnttttt", regs + " n=p", 2, memory=memory)
            simd(file, name + ", post-index by register", f"0q0011011{load}{low}mmmmm{tail}nnnnnttttt", regs + " m=r n=p", 1, memory=memory,
                 valid=lambda f: f["m"] != 31 and f["m"] != f["n"])

for name, mnemonic_size, load in ((n, s, l) for n, s in (("B", 0), ("H", 1), ("S", 2), ("D", 3), ("Q", 4)) for l in (0, 1)):
    size, opc = f"{mnemonic_size & 3:02b}", f"{mnemonic_size >> 2}{load}"
    memory = Memory(1 << mnemonic_size, "rw"[not load], offset=lambda f, x, s=mnemonic_size: f["i"] << s)
    regs = f"t={'vw' if load else 'vr'}"
    simd("load-store", f"{('STR', 'LDR')[load]} {name} (unsigned offset)", f"{size}111101{opc}iiiiiiiiiiiinnnnnttttt", regs + " n=b", 3, memory=memory)
    simd("load-store", f"{('STR', 'LDR')[load]} {name} (post-index)", f"{size}111100{opc}0iiiiiiiii01nnnnnttttt", regs + " n=p", 3, memory=Memory(1 << mnemonic_size, "rw"[not load]))
    simd("load-store", f"{('STUR', 'LDUR')[load]} {name}", f"{size}111100{opc}0iiiiiiiii00nnnnnttttt", regs + " n=b", 3,
         memory=Memory(1 << mnemonic_size, "rw"[not load], offset=lambda f, x: f["i"] - (f["i"] >> 8 << 9)))

for size, name in enumerate("SDQ"):
    for load in range(2):
        for mode, form, base in (("00", "no-allocate", "b"), ("01", "post-index", "p"), ("10", "offset", "b"), ("11", "pre-index", "p")):
            width = 4 << size
            offset = (lambda f, x: 0) if mode == "01" else lambda f, x, w=width: w * (f["i"] - (f["i"] >> 6 << 7))
            role = "vw" if load else "vr"
            simd("load-store", f"{('STP', 'LDP')[load]} {name} ({form})", f"{size:02b}10110{mode}{load}iiiiiiiuuuuunnnnnttttt", f"t={role} u={role} n={base}", 2,
                 memory=Memory(width, "rw"[not load], 2, offset=offset), valid=lambda f, load=load: not load or f["t"] != f["u"])

# ---- Reserved encodings --------------------------------------------------------------------------------------------

def reserved(name, pattern, count=3, **kwargs):
    row("simd-undefined", name, pattern, "", count, undefined=True, **kwargs)


for opcode, name in (("00000", "SHADD, UHADD"), ("00010", "SRHADD, URHADD"), ("00100", "SHSUB, UHSUB"), ("01100", "SMAX, UMAX"), ("01101", "SMIN, UMIN"),
                     ("01110", "SABD, UABD"), ("01111", "SABA, UABA"), ("10010", "MLA, MLS"), ("10011", "MUL, PMUL"), ("10100", "SMAXP, UMAXP"), ("10101", "SMINP, UMINP")):
    reserved(f"{name}, size = 11", f"0qu01110111mmmmm{opcode}1nnnnnddddd")
reserved("PMUL, size != 00", "0q101110ss1mmmmm100111nnnnnddddd", valid=lambda f: f["s"])
reserved("SQDMULH, SQRDMULH, size = 00 and 11", "0qu01110ss1mmmmm101101nnnnnddddd", 4, valid=lambda f: f["s"] in (0, 3))
reserved("ADDP of scalars by three registers", "0q101110ss1mmmmm101111nnnnnddddd")
for opcode in ("00001", "00101", "00110", "00111", "01000", "01001", "01010", "01011", "10000", "10001"):
    reserved(f"three same, opcode {opcode}, one doubleword", f"00u01110111mmmmm{opcode}1nnnnnddddd", 2)
    if opcode not in ("00001", "00101", "01001", "01011"):
        reserved(f"scalar three same, opcode {opcode}, size != 11", f"01u11110ss1mmmmm{opcode}1nnnnnddddd", 2, valid=lambda f: f["s"] != 3)
reserved("scalar three same, unallocated opcodes", "01u11110ss1mmmmm0ooo01nnnnnddddd", 4, choose={"o": [0, 2]}, valid=lambda f: f["o"] in (0, 2))
reserved("SQRDMLAH, SQRDMLSH, size = 00 and 11", "0q101110ss0mmmmm1000i1nnnnnddddd", 4, valid=lambda f: f["s"] in (0, 3))
reserved("SDOT, UDOT, size != 10", "0qu01110ss0mmmmm100101nnnnnddddd", 4, valid=lambda f: f["s"] != 2)
reserved("SMMLA in half registers", "00u01110100mmmmm101001nnnnnddddd", 2)
reserved("three different, size = 11", "0qu01110111mmmmmoooo00nnnnnddddd", 12, valid=lambda f: f["o"] != 14)
reserved("SQDMLAL, SQDMLSL, SQDMULL, size = 00", "0q001110001mmmmm1oo100nnnnnddddd", 4, valid=lambda f: f["o"] != 3)
reserved("PMULL, size = 01 and 10", "0q001110ss1mmmmm111000nnnnnddddd", 2, valid=lambda f: f["s"] in (1, 2))
reserved("scalar three different, size = 00 and 11", "01011110ss1mmmmm110100nnnnnddddd", 2, valid=lambda f: f["s"] in (0, 3))
reserved("REV64, size = 11", "0q00111011100000000010nnnnnddddd")
reserved("REV32, size = 1x", "0q1011101s100000000010nnnnnddddd")
reserved("REV16, size != 00", "0q001110ss100000000110nnnnnddddd", valid=lambda f: f["s"])
reserved("SADDLP, UADDLP, SADALP, UADALP, size = 11", "0qu01110111000000i1010nnnnnddddd", 4)
reserved("CLS, CLZ, size = 11", "0qu0111011100000010010nnnnnddddd")
reserved("CNT, size != 00", "0q001110ss100000010110nnnnnddddd", valid=lambda f: f["s"])
reserved("NOT, RBIT, size = 1x", "0q1011101s100000010110nnnnnddddd")
for opcode in ("00011", "00111", "01000", "01001", "01011"):
    reserved(f"two-register miscellaneous, opcode {opcode}, one doubleword", f"00u011101110000{opcode}10nnnnnddddd", 2)
for u, opcode in ((0, "10010"), (1, "10010"), (0, "10100"), (1, "10100"), (1, "10011")):
    reserved(f"narrowing, opcode {opcode}, size = 11", f"0q{u}011101110000{opcode}10nnnnnddddd", 2)
reserved("across lanes, size = 11", "0qu0111011110001101110nnnnnddddd")
reserved("across lanes, two words", "00u0111010110000101010nnnnnddddd")
reserved("ADDP (scalar), size != 11", "01011110ss110001101110nnnnnddddd", valid=lambda f: f["s"] != 3)
reserved("by element, MUL, size = 00 and 11", "0q001111ss0mmmmm1000h0nnnnnddddd", 4, valid=lambda f: f["s"] in (0, 3))
reserved("by element, SMULL, UMULL, size = 00 and 11", "0qu01111ss0mmmmm1010h0nnnnnddddd", 4, valid=lambda f: f["s"] in (0, 3))
reserved("by element, SQDMULH, size = 00 and 11", "0q001111ss0mmmmm1100h0nnnnnddddd", 4, valid=lambda f: f["s"] in (0, 3))
for opcode in ("00000", "00010", "00100", "00110", "01010", "01110"):
    reserved(f"shift by immediate, opcode {opcode}, one doubleword", f"00u0111101iiiiii{opcode}1nnnnnddddd", 2)
for opcode in ("10000", "10001", "10010", "10011", "10100"):
    reserved(f"shift by immediate, opcode {opcode}, immh = 1xxx", f"0qu0111101iiiiii{opcode}1nnnnnddddd", 2)
reserved("scalar shift by immediate, immh = 0xxx", "01u1111100iiiiii000001nnnnnddddd")
reserved("DUP, imm5 = x0000", "0q001110000i0000000001nnnnnddddd")
reserved("DUP (element), one doubleword", "00001110000i1000000001nnnnnddddd")
reserved("SMOV of doublewords", "0q001110000i1000001011nnnnnddddd")
reserved("SMOV of words to W", "00001110000ii100001011nnnnnddddd")
reserved("UMOV of doublewords to W", "00001110000i1000001111nnnnnddddd")
reserved("UMOV of narrow elements to X", "01001110000iiii1001111nnnnnddddd")
reserved("INS, half register", "00001110000iiii1000111nnnnnddddd")
reserved("permute, one doubleword", "00001110110mmmmm0ooo10nnnnnddddd", 4, valid=lambda f: f["o"] not in (0, 4))
reserved("permute, opcode = x00", "0q001110ss0mmmmm0o0010nnnnnddddd", 2)
reserved("EXT, half register, imm4 = 1xxx", "00101110000mmmmm01iii0nnnnnddddd")
reserved("EXT, op2 != 00", "0q101110oo0mmmmm0iiii0nnnnnddddd", valid=lambda f: f["o"])
reserved("TBL, op2 != 00", "0q001110oo0mmmmm0lli00nnnnnddddd", valid=lambda f: f["o"])
reserved("FMOV (vector, immediate), one doubleword", "0010111100000iii111101jjjjjddddd")
reserved("modified immediate, o2 = 1", "0qu0111100000iii0ccc11jjjjjddddd", 4)
reserved("multiple structures, unallocated opcodes", "0q0011000l000000oooosstttttddddd", 12, choose={"o": [1, 3, 5, 9, 11, 12, 13, 14, 15]},
         valid=lambda f: f["o"] in (1, 3, 5, 9, 11, 12, 13, 14, 15))
reserved("multiple structures, bits 21 to 16", "0q0011000liiiiii011100nnnnnttttt", 4, valid=lambda f: f["i"])
reserved("multiple structures, post-index, bit 21", "0q0011001l1mmmmm011100nnnnnttttt")
reserved("LD2 to LD4, ST2 to ST4 of single doublewords", "000011000l000000oo0011nnnnnttttt", 6, valid=lambda f: f["o"] != 3)
reserved("single structure, halfword, size = x1", "0q0011010lr00000010si1nnnnnttttt", 4)
reserved("single structure, word, size = 1x", "0q0011010lr00000100s1innnnnttttt", 4)
reserved("single structure, doubleword, S = 1", "0q0011010lr00000100101nnnnnttttt")
reserved("store of all lanes", "0q00110100r0000011i0ssnnnnnttttt", 4)
reserved("load of all lanes, S = 1", "0q00110101r0000011i1ssnnnnnttttt", 4)
