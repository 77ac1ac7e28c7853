tcplife-report --timeline 1s fixtures/good-empty.tlz
tcplife-report --timeline 1s --json fixtures/good-empty.tlz | head -n 1
