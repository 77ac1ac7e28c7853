tcplife-report --timeline 10s fixtures/good-losses.tlz
