tcplife-report fixtures/sample.tlz --flows=comm,end
