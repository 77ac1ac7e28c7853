tcplife-report fixtures/sample.tlz -4
