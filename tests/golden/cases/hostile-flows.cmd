tcplife-report fixtures/good-hostile.tlz --flows
