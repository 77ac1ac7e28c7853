tcplife-report fixtures/sample.tlz -u ''
