tcplife-report fixtures/sample.tlz --html - >/dev/full
