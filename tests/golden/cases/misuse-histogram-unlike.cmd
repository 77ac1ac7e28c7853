tcplife-report --histogram "" fixtures/sample.tlz
