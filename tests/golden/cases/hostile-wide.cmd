tcplife-report fixtures/good-hostile.tlz -w
