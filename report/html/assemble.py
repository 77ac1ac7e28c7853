#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes one page of its parts, as C arrays: what stands before the data, and behind.

usage: assemble.py TEMPLATE FILE... OUTPUT

The template has three places: @STYLE@, @SCRIPT@, and @DATA@, at which the reporter writes. Of each file
*.css goes into the style and *.js into the script, in their order. Licences go before the script. @POLICY@ becomes the Content-Security-Policy
that lets this very style and script through, and nothing else.
"""
import base64
import hashlib
import re
import sys


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def digest(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def joined(paths, ending, before, behind):
    """All files with that ending, the libraries' first, ours between these texts."""
    ours = [path for path in paths if path.endswith(ending) and "third_party" not in path]
    others = [path for path in paths if path.endswith(ending) and "third_party" in path]
    text = "".join(read(path) for path in others) + before + "".join(map(read, ours)) + behind
    if re.search(r"</|<!--|\r", text):
        sys.exit(f"assemble.py: some *{ending} would end its element")
    return "\n" + text.strip() + "\n"


def page_of(template, paths):
    licences = "".join(f"/*\n{read(path)}*/\n" for path in paths if path.endswith("LICENSE"))
    style = joined(paths, ".css", "\n", "")
    script = licences + joined(paths, ".js", "\n(() => {\n\"use strict\";\n", "})();\n")
    policy = ("default-src 'none'; script-src " + digest(script) + "; style-src " + digest(style)
              + "; base-uri 'none'; form-action 'none'")
    page = read(template)
    for place, text in (("@POLICY@", policy), ("@STYLE@", style), ("@SCRIPT@", script)):
        if page.count(place) != 1:
            sys.exit(f"assemble.py: {place} is not in the template once")
        page = page.replace(place, text)
    return page


def write_array(output, name, text):
    data = text.encode()
    output.write(f"const size_t {name}_size = {len(data)};\nconst char {name}[] = {{\n")
    for i in range(0, len(data), 24):
        # A char may be signed.
        output.write("".join(f"{b - 256 if b > 127 else b}," for b in data[i:i + 24]) + "\n")
    output.write("};\n")


def main():
    template, *paths, target = sys.argv[1:]
    head, tail = page_of(template, paths).split("@DATA@")
    with open(target, "w", encoding="ascii") as output:
        output.write('#include "report/html/page_template.h"\n')
        write_array(output, "page_template_head", head)
        write_array(output, "page_template_tail", tail)


if __name__ == "__main__":
    main()
