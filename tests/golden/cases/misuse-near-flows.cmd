tcplife-report --flows --columns sesions fixtures/sample.tlz
