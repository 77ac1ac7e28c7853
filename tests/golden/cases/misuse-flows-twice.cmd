tcplife-report fixtures/sample.tlz --flows=comm,comm
