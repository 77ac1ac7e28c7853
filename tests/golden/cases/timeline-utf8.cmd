LC_ALL=C.UTF-8 tcplife-report --timeline 2s fixtures/sample.tlz
