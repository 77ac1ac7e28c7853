tcplife-report --summary fixtures/sample.tlz
