tcplife-report fixtures/sample.tlz -t --top 12
