tcplife-report --histogram close_us --jsonl fixtures/good-two-hosts.tlz
