tcplife-report fixtures/good-losses.tlz --fail-on-loss
