tcplife-report --summary --sort sessions fixtures/sample.tlz
