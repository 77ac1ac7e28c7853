# Cut inside a block.
head -c -20 fixtures/sample.tlz >cut.tlz
tcplife-report cut.tlz --top 3
