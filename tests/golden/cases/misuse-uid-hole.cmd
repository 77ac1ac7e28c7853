tcplife-report fixtures/sample.tlz -u 0,,1
