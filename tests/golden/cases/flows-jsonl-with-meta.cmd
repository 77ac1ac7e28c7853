tcplife-report fixtures/good-two-hosts.tlz --flows --jsonl --with-meta
