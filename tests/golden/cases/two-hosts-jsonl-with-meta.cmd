tcplife-report fixtures/good-two-hosts.tlz --jsonl --with-meta
