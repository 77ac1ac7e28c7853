tcplife-report fixtures/sample.tlz --sort ms:asc --top 5
