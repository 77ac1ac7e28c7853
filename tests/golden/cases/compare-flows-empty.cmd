tcplife-report fixtures/good-empty.tlz --flows --compare fixtures/good-empty.tlz
tcplife-report fixtures/good-empty.tlz --flows=comm --compare fixtures/good-bare.tlz --csv
