tcplife-report fixtures/sample.tlz --style bcc
