tcplife-report fixtures/good-figures.tlz --flows
