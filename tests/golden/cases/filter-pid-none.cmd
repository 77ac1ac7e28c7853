tcplife-report fixtures/sample.tlz -p 4194304
