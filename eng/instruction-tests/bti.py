#!/usr/bin/env python3
"""Writes tests/Armillary.Tests/Engine/branch-targets.txt from the results of the EL1 oracle.

    QEMU_SYSTEM_AARCH64=qemu-system-aarch64 bti.py

HLT is left out: QEMU gives it priority over the Branch Target exception always, the architecture only where halting is allowed.
So is SPSR_EL1.BTYPE of the exceptions that need not keep it. QEMU 10.0 aborts on BRAA; QEMU_SYSTEM_AARCH64_7 names an older one for that.
"""
import sys
from pathlib import Path

sys.dont_write_bytecode = True
import el1
import oracle

FILE = Path(__file__).resolve().parents[2] / "tests/Armillary.Tests/Engine/branch-targets.txt"
HEADER = """\
# Branch target identification: what an independent CPU (qemu-system-aarch64) does. Written by eng/instruction-tests/bti.py; do
# not edit by hand. BranchTargetTests.cs reads it.
#
# EL, SCTLR_EL1.BT0 and BT1, guarded pages (S source, T target), PC and PSTATE.BTYPE at the start, the address in X0, X16, X17 and
# X30, the instruction at 40001000 and that at 40003000 => ESR_EL1, ELR_EL1, SPSR_EL1.BTYPE (- for not guaranteed)
"""
NOP, BTI, BTI_C, BTI_J, BTI_JC = 0xD503201F, 0xD503241F, 0xD503245F, 0xD503249F, 0xD50324DF
PACIASP, PACIBSP, PACIAZ, AUTIASP = 0xD503233F, 0xD503237F, 0xD503231F, 0xD50323BF
BRK, SVC, UDF = 0xD4200020, 0xD4000021, 0x00000001
LANDINGS = [NOP, BTI, BTI_C, BTI_J, BTI_JC, PACIASP, PACIBSP, PACIAZ, AUTIASP, BRK, SVC, UDF, 0x14000001, 0xD61F03C0]


def br(n, opc=0):
    return 0xD61F0000 | opc << 21 | n << 5


BRANCHES = [br(0), br(16), br(17), br(0, 1), br(16, 1), br(0, 2), br(30, 2),
            0xD61F081F, 0xD61F0A1F, 0xD61F0A3F, 0xD61F0C1F, 0xD63F081F, 0xD63F0A1F,      # BRAAZ, BRABZ, BLRAAZ
            0xD71F0801, 0xD71F0A01, 0xD71F0E01, 0xD73F0801,                                  # BRAA, BRAB, BLRAA
            0xD65F0BFF, 0xD65F0FFF,                                                          # RETAA, RETAB
            0x14000000 | (el1.TARGET - el1.CODE) >> 2, 0x94000000 | (el1.TARGET - el1.CODE) >> 2]
KEPT = {0x3C, 0x0D, 0x20, 0x21, 0x22}  # classes of exceptions that keep BTYPE


def cases():
    for el in (0, 1):
        for bt in (0, 1):
            for btype in range(4):
                for guards in ("-", "T"):
                    for landing in LANDINGS:
                        yield el, bt, guards, el1.TARGET, btype, 0, NOP, landing
        for guards in ("-", "S", "T", "ST"):
            for branch in BRANCHES:
                for landing in (NOP, BTI_C, BTI_J, PACIASP, BRK):
                    yield el, 1, guards, el1.CODE, 0, el1.TARGET, branch, landing
                if branch >> 26 not in (5, 37):
                    yield el, 1, guards, el1.CODE, 0, 0x80000000, branch, NOP
                    yield el, 1, guards, el1.CODE, 0, el1.TARGET + 2, branch, NOP
            # What an indirect branch sets holds for one instruction.
            yield el, 1, guards, el1.CODE, 3, el1.TARGET, NOP, NOP
            yield el, 1, guards, el1.CODE, 0, el1.CODE + 8, br(0), NOP


def main():
    all_cases = list(cases())
    runs = []
    for el, bt, guards, pc, btype, address, word, landing in all_cases:
        x = [0] * 31
        for r in (0, 16, 17, 30):
            x[r] = address
        flags = el1.MMU | (el1.GUARD_CODE if "S" in guards else 0) | (el1.GUARD_TARGET if "T" in guards else 0)
        runs.append(el1.Case([word], x=x, state=(el1.EL1 if el else el1.EL0) | btype << 10, pc=pc, sctlr=bt * (3 << 35), flags=flags, target=[landing]))
    on_old = [case.code[0] & 0xFFFFF800 == 0xD71F0800 for case in runs]
    new = iter(el1.run([case for case, old in zip(runs, on_old) if not old]))
    older = iter(el1.run([case for case, old in zip(runs, on_old) if old], "max", "QEMU_SYSTEM_AARCH64_7"))
    texts = iter(oracle.disassemble([w for *_, word, landing in all_cases for w in (word, landing)]))
    lines = [HEADER.rstrip()]
    for case, old in zip(all_cases, on_old):
        el, bt, guards, pc, btype, address, word, landing = case
        r = next(older if old else new)
        kept = r.spsr >> 10 & 3 if r.esr >> 26 in KEPT else "-"
        lines.append(f"EL{el} {bt} {guards} {pc:x} {btype} {address:x} {word:08x} {landing:08x} => {r.esr:x} {r.elr:x} {kept} # {next(texts)}; {next(texts)}")
    FILE.write_text("\n".join(lines) + "\n")
    print(f"{len(all_cases)} cases")


if __name__ == "__main__":
    main()
