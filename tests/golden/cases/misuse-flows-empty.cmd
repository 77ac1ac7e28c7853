tcplife-report fixtures/sample.tlz --flows=
