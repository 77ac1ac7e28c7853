tcplife-report fixtures/sample.tlz --flows=comm --compare fixtures/bad-flipped-body.tlz --top 2
