# SPDX-License-Identifier: MPL-2.0
"""embed.py NAME HEADER INPUT OUTPUT: a C file that holds a text file as the string NAME."""
import sys

name, header, source, target = sys.argv[1:]
with open(source, "rb") as f:
    content = f.read()
with open(target, "w", encoding="ascii") as f:
    f.write("/* SPDX-License-Identifier: MPL-2.0 */\n/* Generated. Do not edit. */\n")
    f.write(f'#include "{header}"\n\nconst char {name}[] = {{\n')
    for at in range(0, len(content), 24):
        f.write("\t" + ", ".join(str(b if b < 128 else b - 256) for b in content[at:at + 24]) + ",\n")
    f.write("\t0};\n")
