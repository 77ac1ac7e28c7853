tcplife-report --input jsonl fixtures/sample.jsonl --write a.tlz
tcplife-report --input jsonl fixtures/sample.jsonl --write b.tlz
cmp a.tlz b.tlz
