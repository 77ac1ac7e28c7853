tcplife-report fixtures/sample.tlz --write - >/dev/full
