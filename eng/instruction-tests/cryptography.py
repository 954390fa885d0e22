"""AES, SHA, SM3 and SM4."""
from simd import reserved, simd

simd("cryptography", "AESE", "0100111000101000010010nnnnnddddd", "d=vx n=vr", 6)
simd("cryptography", "AESD", "0100111000101000010110nnnnnddddd", "d=vx n=vr", 6)
simd("cryptography", "AESMC", "0100111000101000011010nnnnnddddd", "d=vw n=vr", 6)
simd("cryptography", "AESIMC", "0100111000101000011110nnnnnddddd", "d=vw n=vr", 6)
for opcode, name in (("000", "SHA1C"), ("001", "SHA1P"), ("010", "SHA1M"), ("011", "SHA1SU0"), ("100", "SHA256H"), ("101", "SHA256H2"), ("110", "SHA256SU1")):
    simd("cryptography", name, f"01011110000mmmmm0{opcode}00nnnnnddddd", "d=vx n=vr m=vr", 6)
simd("cryptography", "SHA1H", "0101111000101000000010nnnnnddddd", "d=vw n=vr", 6)
simd("cryptography", "SHA1SU1", "0101111000101000000110nnnnnddddd", "d=vx n=vr", 6)
simd("cryptography", "SHA256SU0", "0101111000101000001010nnnnnddddd", "d=vx n=vr", 6)
for name, pattern, regs in (
        ("SHA512H", "11001110011mmmmm100000nnnnnddddd", "d=vx n=vr m=vr"), ("SHA512H2", "11001110011mmmmm100001nnnnnddddd", "d=vx n=vr m=vr"),
        ("SHA512SU0", "1100111011000000100000nnnnnddddd", "d=vx n=vr"), ("SHA512SU1", "11001110011mmmmm100010nnnnnddddd", "d=vx n=vr m=vr"),
        ("EOR3", "11001110000mmmmm0aaaaannnnnddddd", "d=vw n=vr m=vr a=vr"), ("BCAX", "11001110001mmmmm0aaaaannnnnddddd", "d=vw n=vr m=vr a=vr"),
        ("RAX1", "11001110011mmmmm100011nnnnnddddd", "d=vw n=vr m=vr"), ("XAR", "11001110100mmmmmiiiiiinnnnnddddd", "d=vw n=vr m=vr"),
        ("SM3PARTW1", "11001110011mmmmm110000nnnnnddddd", "d=vx n=vr m=vr"), ("SM3PARTW2", "11001110011mmmmm110001nnnnnddddd", "d=vx n=vr m=vr"),
        ("SM3SS1", "11001110010mmmmm0aaaaannnnnddddd", "d=vw n=vr m=vr a=vr"),
        ("SM3TT1A", "11001110010mmmmm10ii00nnnnnddddd", "d=vx n=vr m=vr"), ("SM3TT1B", "11001110010mmmmm10ii01nnnnnddddd", "d=vx n=vr m=vr"),
        ("SM3TT2A", "11001110010mmmmm10ii10nnnnnddddd", "d=vx n=vr m=vr"), ("SM3TT2B", "11001110010mmmmm10ii11nnnnnddddd", "d=vx n=vr m=vr"),
        ("SM4E", "1100111011000000100001nnnnnddddd", "d=vx n=vr"), ("SM4EKEY", "11001110011mmmmm110010nnnnnddddd", "d=vw n=vr m=vr")):
    simd("cryptography", name, pattern, regs, 8)
reserved("SHA512, SM3, SM4: three registers, opcode 11 of O = 1", "11001110011mmmmm11o011nnnnnddddd")
reserved("SHA512, SM3, SM4: O = 1, opcode 11, bits 13:12", "11001110011mmmmm1iii11nnnnnddddd", valid=lambda f: f["i"])
reserved("SHA512SU0 and SM4E, opcode 1x", "110011101100000010001innnnnddddd")
reserved("SHA512SU0 and SM4E, bits 20:16", "11001110110iiiii10000onnnnnddddd", valid=lambda f: f["i"])
reserved("four registers, op0 = 11", "11001110011mmmmm0aaaaannnnnddddd")
reserved("SM3TT, bit 14", "11001110010mmmmm11iioonnnnnddddd")
