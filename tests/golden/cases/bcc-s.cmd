tcplife-report fixtures/sample.tlz -s --top 12
