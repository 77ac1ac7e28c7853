tcplife-report fixtures/sample.tlz --info -u 0
