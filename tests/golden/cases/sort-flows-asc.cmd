tcplife-report fixtures/sample.tlz --flows --sort ms_max:asc --top 4 --csv
