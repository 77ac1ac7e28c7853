tcplife-report --timeline 1s --flows fixtures/sample.tlz
