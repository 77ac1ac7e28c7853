tcplife-report fixtures/sample.tlz --flows=raddr --columns raddr,TX,Last --sort tx --top 3
