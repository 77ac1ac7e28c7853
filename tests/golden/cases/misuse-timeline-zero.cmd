tcplife-report --timeline 0s fixtures/sample.tlz
