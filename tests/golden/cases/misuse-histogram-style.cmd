tcplife-report --histogram ms --style bcc fixtures/sample.tlz
