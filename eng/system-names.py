#!/usr/bin/env python3
"""Prints src/Armillary.Emulation/Disassembly/SystemNames.txt: asks aarch64-linux-gnu-objdump for the text of every MRS, MSR and
SYS, and keeps those that have a name. Run it when a newer binutils knows more registers."""
import struct
import subprocess
import tempfile

MRS, MSR, SYS = 0xD5300000, 0xD5100000, 0xD5080000


def disassemble(words):
    with tempfile.NamedTemporaryFile() as file:
        file.write(struct.pack(f"<{len(words)}I", *words))
        file.flush()
        command = ["aarch64-linux-gnu-objdump", "-D", "-z", "-b", "binary", "-m", "aarch64", file.name]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    parts = (line.split("\t") for line in lines)
    return [" ".join(p[2:]).split("//")[0].strip() for p in parts if len(p) > 2 and p[0].endswith(":")]


version = subprocess.run(["aarch64-linux-gnu-objdump", "--version"], check=True, capture_output=True, text=True).stdout.splitlines()[0]
print("# Arm's names of system registers and SYS operations (Arm ARM D24, C5.3 to C5.6) in the spelling of " + version + ".")
print("# Encoding packed as in SystemRegister, name when read, / name when written; a comma: a register follows.")
print("# Made by eng/system-names.py.")
operations = range(1 << 14)
for code, text in zip(operations, disassemble([SYS | code << 5 for code in operations])):
    if not text.startswith("sys "):
        print(f"{0x4000 | code:04x} {text.removesuffix(' x0')}")
registers = range(1 << 15)
reads = disassemble([MRS | code << 5 for code in registers])
writes = disassemble([MSR | code << 5 for code in registers])
for code, read, write in zip(registers, reads, writes):
    read, write = read.split(", ")[1], write.removeprefix("msr ").split(", ")[0]
    if not read.startswith(("s2_", "s3_")):
        print(f"{0x8000 | code:04x} {read}" + (f"/{write}" if write != read else ""))
