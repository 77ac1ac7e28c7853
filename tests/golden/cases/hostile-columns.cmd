tcplife-report fixtures/good-hostile.tlz --columns comm,pid
