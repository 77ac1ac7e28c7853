tcplife-report fixtures/good-losses.tlz --info
