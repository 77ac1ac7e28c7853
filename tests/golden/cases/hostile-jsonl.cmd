tcplife-report fixtures/good-hostile.tlz --jsonl --with-meta
