tcplife-report fixtures/sample.tlz --sort srtt_us --columns comm,raddr --top 4
