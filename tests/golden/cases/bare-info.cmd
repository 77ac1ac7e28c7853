tcplife-report fixtures/good-bare.tlz --info
