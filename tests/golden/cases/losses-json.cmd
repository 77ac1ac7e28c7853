tcplife-report fixtures/good-losses.tlz --json
