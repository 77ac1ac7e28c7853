tcplife-report fixtures/sample.tlz --columns comm,pid,comm
