tcplife-report fixtures/sample.tlz --json
