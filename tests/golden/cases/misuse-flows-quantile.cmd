tcplife-report fixtures/sample.tlz --flows=comm --columns comm,ms_p100.1
