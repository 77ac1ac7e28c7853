tcplife-report fixtures/sample.tlz -u 4294967295
