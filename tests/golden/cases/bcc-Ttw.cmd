tcplife-report fixtures/sample.tlz -T -t -w --top 12
