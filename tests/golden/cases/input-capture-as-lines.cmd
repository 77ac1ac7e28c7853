tcplife-report --input jsonl fixtures/sample.tlz
