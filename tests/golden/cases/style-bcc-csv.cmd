tcplife-report fixtures/sample.tlz --style bcc -s -t --top 12
