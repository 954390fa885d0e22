"""Client of the A64 oracle (eng/oracle/oracle.c, which documents the protocol) and of GNU binutils."""
import re
import struct
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

CODE = 0x40001000
WINDOW = 0x50000000
WINDOW_SIZE = 4096
SIGILL, SIGTRAP, SIGALRM, SIGSEGV = 4, 5, 14, 11

MAGIC = 0x4F343641
MAX_BATCH = 64
MAX_INSTRUCTIONS = 32
FLAG_TIME_LIMIT = 1
CASE_HEAD = struct.Struct("<II31QQQQQQQ2Q")
RESULT_HEAD = struct.Struct("<IIQQ31QQQQQQQ")
RESULT_SIZE = 4928
RESULT_V = 320
FPCR_BITS = 0x07C80000  # AHP, DN, FZ, RMode, FZ16
FPSR_BITS = 0x0800009F  # QC, IDC, IXC to IOC


@dataclass
class Case:
    words: list
    x: list
    sp: int
    nzcv: int
    tpidr_el0: int
    window: bytes
    v: list = field(default_factory=lambda: [0] * 32)
    fpcr: int = 0
    fpsr: int = 0
    literal_address: int = 0
    literal: bytes = bytes(16)
    time_limit: bool = False

    def pack(self):
        head = CASE_HEAD.pack(
            len(self.words), FLAG_TIME_LIMIT if self.time_limit else 0, *self.x, self.sp, self.nzcv << 28, self.fpcr,
            self.fpsr, self.tpidr_el0, self.literal_address, *struct.unpack("<2Q", self.literal))
        code = struct.pack("<%dI" % MAX_INSTRUCTIONS, *self.words, *[0] * (MAX_INSTRUCTIONS - len(self.words)))
        return head + b"".join(v.to_bytes(16, "little") for v in self.v) + self.window + code


@dataclass
class Result:
    signal: int
    pc: int
    fault_address: int
    x: list
    sp: int
    nzcv: int
    tpidr_el0: int
    fpcr: int
    fpsr: int
    v: list = field(repr=False)
    window: bytes = field(repr=False)


def run(command, cases):
    """Runs cases, in order; raises if the oracle does not answer each."""
    data = b"".join(
        struct.pack("<II", MAGIC, len(cases[i:i + MAX_BATCH])) + b"".join(c.pack() for c in cases[i:i + MAX_BATCH])
        for i in range(0, len(cases), MAX_BATCH))
    done = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=False)
    if done.returncode or len(done.stdout) != RESULT_SIZE * len(cases):
        raise SystemExit(f"{' '.join(command)}: status {done.returncode}, "
                         f"{len(done.stdout) // RESULT_SIZE} of {len(cases)} results")
    results = []
    for i in range(len(cases)):
        block = done.stdout[i * RESULT_SIZE:(i + 1) * RESULT_SIZE]
        signal, _, pc, fault, *rest = RESULT_HEAD.unpack_from(block)
        x, (sp, nzcv, fpcr, fpsr, tpidr, _) = rest[:31], rest[31:]
        v = [int.from_bytes(block[at:at + 16], "little") for at in range(RESULT_V, RESULT_V + 512, 16)]
        results.append(Result(signal, pc, fault, x, sp, nzcv >> 28, tpidr, fpcr, fpsr, v, block[-WINDOW_SIZE:]))
    return results


def is_pc_relative(word):
    return (word & 0x1F000000 == 0x10000000 or word & 0x7C000000 == 0x14000000 or word & 0xFE000000 == 0x54000000
            or word & 0x7C000000 == 0x34000000 or word & 0x3B000000 == 0x18000000)


def objdump(words, address, objdump_command="aarch64-linux-gnu-objdump"):
    with tempfile.NamedTemporaryFile(suffix=".bin") as image:
        image.write(struct.pack("<%dI" % len(words), *words))
        image.flush()
        listing = subprocess.run(
            [objdump_command, "-D", "-b", "binary", "-m", "aarch64", f"--adjust-vma={address:#x}", image.name],
            stdout=subprocess.PIPE, text=True, check=True).stdout
    texts = []
    for line in listing.splitlines():
        match = re.match(r"\s*[0-9a-f]+:\t([0-9a-f]{8}) \t(.*)$", line)
        if match:
            text = re.sub(r"\s*//.*$", "", match[2])
            text = re.sub(r"\s*;\s*undefined$", "", re.sub(r"\s*<.*>$", "", text))
            texts.append(re.sub(r"\s+", " ", text).strip())
        elif re.match(r"\s*\.\.\.$", line):
            raise SystemExit("objdump left out zero words: pass -z")
    return texts


def disassemble(words):
    """objdump's text for each word, as if each stood at CODE."""
    plain = [0xD503201F if is_pc_relative(w) else w for w in words]
    with_zeros = [w or 0xD503201F for w in plain]
    texts = objdump(with_zeros, CODE)
    assert len(texts) == len(words)
    for i, word in enumerate(words):
        if word == 0:
            texts[i] = "udf #0"
        elif is_pc_relative(word):
            texts[i] = objdump([word], CODE)[0]
    return texts


def assemble(lines, march):
    """The words of lines of assembly, one word a line."""
    with tempfile.TemporaryDirectory() as folder:
        source, target, image = (Path(folder) / n for n in ("a.s", "a.o", "a.bin"))
        source.write_text("".join(line + "\n" for line in lines))
        subprocess.run(["aarch64-linux-gnu-as", "-W", f"-march={march}", "-o", target, source], check=True)
        subprocess.run(["aarch64-linux-gnu-objcopy", "-O", "binary", "-j", ".text", target, image], check=True)
        data = image.read_bytes()
    return list(struct.unpack("<%dI" % (len(data) // 4), data))
