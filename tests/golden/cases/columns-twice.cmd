tcplife-report fixtures/sample.tlz --columns comm,comm --csv --top 2
