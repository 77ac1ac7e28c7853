tcplife-report --json -xT fixtures/sample.tlz
tcplife-report fixtures/sample.tlz -Tx
tcplife-report --json -Tp
