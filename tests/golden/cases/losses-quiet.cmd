tcplife-report fixtures/good-losses.tlz -q
