tcplife-report fixtures/sample.tlz --flows=comm,radr
