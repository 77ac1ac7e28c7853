tcplife-report --timeline often fixtures/sample.tlz
