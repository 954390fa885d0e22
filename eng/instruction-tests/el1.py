"""Client of the EL1 oracle (eng/oracle/el1.c): programs at EL1 or EL0 of a bare machine of qemu-system-aarch64."""
import os
import struct
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

CODE, TARGET, WINDOW = 0x40001000, 0x40003000, 0x50000000
MMU, GUARD_CODE, GUARD_TARGET, PAGES = 1, 2, 4, 8
KEYS = [f"ap{key}key{half}_el1" for key in ("ia", "ib", "da", "db", "ga") for half in ("lo", "hi")]
EL0, EL1 = 0x3C0, 0x3C5          # SPSR_EL1: the mode, all interrupts masked
SCTLR = 0x30D00800               # RES1 bits and SPAN, nothing enabled
TCR_MMU = 25 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 23 | 2 << 32  # 39 bits below, nothing above

ORACLE = Path(__file__).resolve().parent.parent / "oracle"
CASE = struct.Struct("<31Q6Q10QQ8Q16I16I8Q")
RESULT = struct.Struct("<31Q16Q")


@dataclass
class Case:
    code: list
    x: list = field(default_factory=lambda: [0] * 31)
    sp: int = 0                  # of the level that it starts at
    state: int = EL1
    pc: int = CODE
    sctlr: int = 0               # added to SCTLR
    tcr: int = 0
    keys: dict = field(default_factory=dict)
    flags: int = 0
    cells: list = field(default_factory=lambda: [0] * 8)
    target: list = field(default_factory=list)
    pages: list = field(default_factory=lambda: [0] * 8)   # attributes, with PAGES

    def pack(self):
        sctlr = SCTLR | self.sctlr | (self.flags & MMU)
        tcr = self.tcr | (TCR_MMU if self.flags & MMU else 0)
        sp_el0, sp_el1 = (self.sp, 0) if self.state & 0xF == 0 else (0, self.sp)
        words = [(w + [0] * 16)[:16] for w in (self.code, self.target)]
        return CASE.pack(*self.x, sp_el0, sp_el1, self.pc, self.state, sctlr, tcr, *(self.keys.get(k, 0) for k in KEYS),
                         self.flags, *self.cells, *words[0], *words[1], *self.pages)


@dataclass
class Result:
    x: list
    sp_el0: int
    sp_el1: int
    elr: int
    spsr: int
    esr: int
    far: int
    vector: int
    memory: int
    tables: list


def build(folder, *options):
    image = Path(folder) / "el1.elf"
    subprocess.run([os.environ.get("CC_AARCH64", "aarch64-linux-gnu-gcc"), "-O2", "-Wall", "-Wextra", "-Werror", "-ffreestanding",
                    "-nostdlib", "-static", "-mgeneral-regs-only", "-mstrict-align", "-fno-stack-protector", "-fno-pic",
                    "-mbranch-protection=none", "-march=armv8.2-a", *options, f"-Wl,-T,{ORACLE / 'el1.ld'},--build-id=none,--no-warn-rwx-segments",
                    "-o", image, ORACLE / "el1.c"], check=True)
    return image


def read_results(data, count):
    if len(data) != RESULT.size * count:
        raise SystemExit(f"{len(data) // RESULT.size} of {count} results")
    results = []
    for at in range(0, len(data), RESULT.size):
        values = RESULT.unpack_from(data, at)
        results.append(Result(list(values[:31]), *values[31:39], list(values[39:])))
    return results


def run_image(image, cases, cpu="max,pauth=on,pauth-qarma5=on", program="QEMU_SYSTEM_AARCH64"):
    """Runs cases on an image that is built. The environment variable names the program and its first options; QEMU 10 for the default CPU."""
    command = os.environ.get(program, "qemu-system-aarch64").split()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "cases").write_bytes(b"".join(case.pack() for case in cases))
        subprocess.run([*command, "-M", "virt", "-cpu", cpu, "-m", "512M", "-nodefaults", "-display", "none",
                        "-semihosting-config", "enable=on,target=native", "-kernel", image], cwd=folder, check=True, timeout=600)
        return read_results((Path(folder) / "results").read_bytes(), len(cases))


def run(cases, cpu="max,pauth=on,pauth-qarma5=on", program="QEMU_SYSTEM_AARCH64"):
    """Runs cases in order, on an image of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return run_image(build(folder), cases, cpu, program)
