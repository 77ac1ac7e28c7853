tcplife-report --summary -T fixtures/sample.tlz
