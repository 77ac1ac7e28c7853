tcplife-report fixtures/sample.tlz --jsonl
