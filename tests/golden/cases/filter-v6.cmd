tcplife-report fixtures/sample.tlz -6
