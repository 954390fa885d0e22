"""Integer instructions of Armv8.7 to Armv9.4: CSSC, HBC, WFxT."""
from a64 import IMM19, row, signed


def plain(letter, number, sf):
    return ("x" if sf else "w") + (str(number) if number != 31 else "zr")


def registers(f, *letters):
    return [plain(letter, f[letter], f["z"]) for letter in letters]


# ---- CSSC ----------------------------------------------------------------------------------------------------------

def absolute(f, _):
    d, n = registers(f, "d", "n")
    return [f"cmp {n}, {plain('', 31, f['z'])}", f"cneg {d}, {n}, lt"]


def ones(f, _):
    d, n = registers(f, "d", "n")
    return [f"fmov {'d' if f['z'] else 's'}31, {n}", "cnt v31.8b, v31.8b", "addv b31, v31.8b", f"fmov {plain('', f['d'], 0)}, s31"]


def trailing_zeros(f, _):
    d, n = registers(f, "d", "n")
    return [f"rbit {d}, {n}", f"clz {d}, {d}"]


row("common-short-sequences", "ABS", "z101101011000000001000nnnnnddddd", "d=w n=r", 10, stand_in=absolute)
row("common-short-sequences", "CNT", "z101101011000000000111nnnnnddddd", "d=w n=r", 10, stand_in=ones)
row("common-short-sequences", "CTZ", "z101101011000000000110nnnnnddddd", "d=w n=r", 10, stand_in=trailing_zeros)
for opcode, name, condition in ((0, "SMAX", "gt"), (1, "UMAX", "hi"), (2, "SMIN", "lt"), (3, "UMIN", "lo")):
    def by_register(f, _, condition=condition):
        d, n, m = registers(f, "d", "n", "m")
        return [f"cmp {n}, {m}", f"csel {d}, {n}, {m}, {condition}"]

    def by_immediate(f, free, condition=condition, is_signed=opcode % 2 == 0):
        d, n = registers(f, "d", "n")
        free = free if f["z"] else "w" + free[1:]
        return [f"mov {free}, #{signed(f['i'], 8) if is_signed else f['i']}", f"cmp {n}, {free}", f"csel {d}, {n}, {free}, {condition}"]

    row("common-short-sequences", f"{name} (register)", f"z0011010110mmmmm0110{opcode:02b}nnnnnddddd", "d=w n=r m=r", 10, stand_in=by_register)
    row("common-short-sequences", f"{name} (immediate)", f"z00100011100{opcode:02b}iiiiiiiinnnnnddddd", "d=w n=r", 10, stand_in=by_immediate)


# ---- HBC -----------------------------------------------------------------------------------------------------------

for condition in range(16):
    row("branches-consistent", f"BC.cond {condition}", f"01010100iiiiiiiiiiiiiiiiiii1{condition:04b}", "", 4, choose=IMM19, reads_flags=True,
        flags=[0, 0b1111, 0b1000, 0b0010])


# ---- WFxT: the deadline is past, or the guest's counter will reach it ------------------------------------------------

row("waits", "WFET", "110101010000001100010000000ttttt", "t=r", 4, values={"t": [0, 1]})
row("waits", "WFIT", "110101010000001100010000001ttttt", "t=r", 4, values={"t": [0, 1]})
