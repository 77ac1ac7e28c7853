tcplife-report fixtures/good-bare.tlz fixtures/good-bare.tlz --flows
