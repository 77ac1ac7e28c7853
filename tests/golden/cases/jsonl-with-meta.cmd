tcplife-report fixtures/sample.tlz --jsonl --with-meta
