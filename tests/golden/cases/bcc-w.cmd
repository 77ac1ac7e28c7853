tcplife-report fixtures/sample.tlz -w --top 12
