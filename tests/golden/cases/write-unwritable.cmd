tcplife-report fixtures/sample.tlz --write nowhere/x.tlz
