tcplife-report fixtures/sample.tlz --sort fin_us:asc --columns fin_us,end --csv
