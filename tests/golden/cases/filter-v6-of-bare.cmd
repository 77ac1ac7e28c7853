tcplife-report fixtures/good-bare.tlz -6
