tcplife-report fixtures/sample.tlz --top 3
