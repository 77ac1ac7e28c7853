tcplife-report fixtures/sample.tlz --flows=comm/3
