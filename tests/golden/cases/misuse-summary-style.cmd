tcplife-report --summary --style bcc fixtures/sample.tlz
