tcplife-report fixtures/good-enumerations.tlz --flows
