head -c -20 fixtures/sample.tlz >cut.tlz
tcplife-report cut.tlz --json --columns comm --top 1
