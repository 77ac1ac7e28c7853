tcplife-report fixtures/sample.tlz -L 443
