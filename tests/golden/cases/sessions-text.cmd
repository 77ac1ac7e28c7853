tcplife-report fixtures/sample.tlz
