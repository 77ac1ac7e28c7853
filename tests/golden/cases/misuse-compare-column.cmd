tcplife-report fixtures/sample.tlz --flows --compare fixtures/sample.tlz --columns score_before
