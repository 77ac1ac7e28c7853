tcplife-report fixtures/good-losses.tlz fixtures/good-two-hosts.tlz --jsonl --with-meta --columns close_us,comm
