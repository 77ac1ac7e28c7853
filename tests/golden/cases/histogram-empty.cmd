tcplife-report --histogram ms fixtures/good-empty.tlz
tcplife-report --histogram ms --json --columns from_ms fixtures/good-empty.tlz
