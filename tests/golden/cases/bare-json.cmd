tcplife-report fixtures/good-bare.tlz --json
