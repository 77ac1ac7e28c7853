tcplife-report fixtures/sample.tlz --info --jsonl
