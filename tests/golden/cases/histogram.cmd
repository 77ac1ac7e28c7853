tcplife-report --histogram ms fixtures/sample.tlz
