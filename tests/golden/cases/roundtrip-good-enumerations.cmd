# capture -> lines -> capture -> lines: the same.
tcplife-report -q --jsonl --with-meta - <fixtures/good-enumerations.tlz >1
tcplife-report -q --input jsonl --write x.tlz - <1
tcplife-report -q --jsonl --with-meta - <x.tlz >2
cmp 1 2 && wc -l <2
