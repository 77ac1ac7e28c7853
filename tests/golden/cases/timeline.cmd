tcplife-report --timeline 1s fixtures/sample.tlz
