tcplife-report fixtures/good-bare.tlz -p 1
