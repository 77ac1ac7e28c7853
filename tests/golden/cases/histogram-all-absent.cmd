tcplife-report --histogram mss fixtures/good-bare.tlz
