tcplife-report fixtures/sample.jsonl
