tcplife-report -q --input jsonl fixtures/sample.jsonl --level 19 --write a.tlz
tcplife-report a.tlz --top 2
