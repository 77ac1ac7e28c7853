tcplife-report fixtures/good-losses.tlz --flows
