tcplife-report --histogram rx_bytes --json fixtures/good-two-hosts.tlz
