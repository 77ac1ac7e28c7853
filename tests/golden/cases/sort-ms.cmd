tcplife-report fixtures/sample.tlz --sort ms --top 5
