tcplife-report fixtures/sample.tlz --histogram
