tcplife-report fixtures/sample.tlz --sort raddr:asc --columns raddr,comm
