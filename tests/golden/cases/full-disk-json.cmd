tcplife-report fixtures/sample.tlz --json >/dev/full
