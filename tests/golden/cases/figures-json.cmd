tcplife-report fixtures/good-figures.tlz --json
