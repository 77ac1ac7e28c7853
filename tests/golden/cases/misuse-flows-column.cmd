tcplife-report fixtures/sample.tlz --flows=comm --columns comm,raddr
