"""Cases written by hand, as assembly: what one pattern cannot say, and rows of several instructions.

(file, comment, [assembly lines], {name: value before, (address, size): memory before})
"""
A = 0x50000400
B = 0x500004F0

WRITTEN = []


def case(file, comment, lines, **before):
    memory = before.pop("memory", {})
    WRITTEN.append((file, comment, lines, {**before, **memory}))


SYSTEM = "system-registers"
for flags in (0, 0xF, 5, 0xA):
    case(SYSTEM, "MRS NZCV", ["mrs x0, nzcv"], nzcv=flags)
case(SYSTEM, "MRS NZCV", ["mrs xzr, nzcv"], nzcv=6)
for value in (0, 0xFFFFFFFFFFFFFFFF, 0xA0000000, 0x5FFFFFFF, 0xFFFFFFFF40000000, 0xF00000000):
    case(SYSTEM, "MSR NZCV", ["msr nzcv, x9"], x9=value)
case(SYSTEM, "MSR NZCV", ["msr nzcv, xzr"])
for value in (0, 0xFEDCBA9876543210, 0xFFFFFFFFFFFFFFFF):
    case(SYSTEM, "MRS TPIDR_EL0", ["mrs x17, tpidr_el0"], tpidr_el0=value)
    case(SYSTEM, "MSR TPIDR_EL0", ["msr tpidr_el0, x30"], x30=value)
case(SYSTEM, "MSR TPIDR_EL0", ["msr tpidr_el0, xzr"])
case(SYSTEM, "MRS TPIDR_EL0", ["mrs xzr, tpidr_el0"], tpidr_el0=0x123)

DIVISION = "data-processing-2-source"
for r, least in (("w", 1 << 31), ("x", 1 << 63)):
    case(DIVISION, "SDIV of the least number by -1", [f"sdiv {r}0, {r}1, {r}2"], x1=least, x2=0xFFFFFFFFFFFFFFFF)
    case(DIVISION, "SDIV of the least number by 0", [f"sdiv {r}0, {r}1, {r}2"], x1=least, x2=0)
    case(DIVISION, "UDIV of the greatest number by 1", [f"udiv {r}0, {r}1, {r}2"], x1=0xFFFFFFFFFFFFFFFF, x2=1)
    case(DIVISION, "UDIV by 0", [f"udiv {r}0, {r}1, {r}2"], x1=0xFFFFFFFFFFFFFFFF, x2=0)
case(DIVISION, "SDIV of 32 bits by 0 below others", ["sdiv w0, w1, w2"], x1=77, x2=0xFFFFFFFF00000000)
case("branches", "BLR reads its target before it writes the link", ["blr x30"], x30=0x40001100)
case("branches", "RET to other registers", ["ret x0"], x0=0x40000FF8)

CACHES = "cache-maintenance"
for operation in ("dc cvac", "dc cvau", "dc civac", "ic ivau"):
    case(CACHES, operation.upper(), [f"{operation}, x1"], x1=0x50000440)
    case(CACHES, operation.upper(), [f"{operation}, x30"], x30=0x50000FFF)

SEQUENCE = "load-store-exclusive-sequence"
OLD = {1: 0x81, 2: 0x8F01, 4: 0x8899AABB, 8: 0x8877665544332211}
for size, suffix, r in ((1, "b", "w"), (2, "h", "w"), (4, "", "w"), (8, "", "x")):
    for a, l in (("", ""), ("a", "l")):
        case(SEQUENCE, "the store succeeds: status 0", [f"ld{a}xr{suffix} {r}0, [x1]", f"st{l}xr{suffix} w2, {r}3, [x1]"],
             x1=A, x3=0x0123456789ABCDEF, memory={(A, size): OLD[size]})
    case(SEQUENCE, "CLREX opens the monitor", [f"ldxr{suffix} {r}0, [x1]", "clrex", f"stxr{suffix} w2, {r}3, [x1]"],
         x1=A, x3=5, memory={(A, size): OLD[size]})
    case(SEQUENCE, "a store-exclusive opens the monitor",
         [f"ldxr{suffix} {r}0, [x1]", f"stxr{suffix} w2, {r}3, [x1]", f"stxr{suffix} w4, {r}5, [x1]"],
         x1=A, x3=5, x5=6, memory={(A, size): OLD[size]})
    case(SEQUENCE, "an atomic increment", [f"ldaxr{suffix} {r}0, [sp]", f"add {r}0, {r}0, #1", f"stlxr{suffix} w2, {r}0, [sp]", "cbnz w2, .-12"],
         sp=A, memory={(A, size): (1 << (8 * size)) - 1})
    case(SEQUENCE, "the data come from ZR", [f"ldxr{suffix} {r}zr, [x29]", f"stxr{suffix} w30, {r}zr, [x29]"],
         x29=B, memory={(B, size): OLD[size]})
    case(SEQUENCE, "the status goes to ZR", [f"ldxr{suffix} {r}30, [x29]", f"stxr{suffix} wzr, {r}0, [x29]"],
         x0=0x1122334455667788, x29=B, memory={(B, size): OLD[size]})
for size, r in ((4, "w"), (8, "x")):
    pair = {(A, size): OLD[size], (A + size, size): OLD[size] ^ 0xFF}
    for a, l in (("", ""), ("a", "l")):
        case(SEQUENCE, "a pair: the store succeeds", [f"ld{a}xp {r}0, {r}4, [x1]", f"st{l}xp w2, {r}3, {r}5, [x1]"],
             x1=A, x3=0x1122334455667788, x5=0x99AABBCCDDEEFF00, memory=pair)
    case(SEQUENCE, "a pair: CLREX opens the monitor", [f"ldxp {r}0, {r}4, [x1]", "clrex", f"stxp w2, {r}3, {r}5, [x1]"],
         x1=A, x3=1, x5=2, memory=pair)
    case(SEQUENCE, "a pair: the store may take ZR twice", [f"ldaxp {r}0, {r}zr, [x1]", f"stlxp w2, {r}zr, {r}zr, [x1]"], x1=A, memory=pair)
