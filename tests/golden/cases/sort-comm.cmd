tcplife-report fixtures/sample.tlz --sort comm:asc --columns comm,close_us --top 8
