tcplife-report fixtures/sample.tlz -s -t --top 12
