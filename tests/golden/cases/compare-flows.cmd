tcplife-report fixtures/sample.tlz --flows=comm --compare fixtures/good-figures.tlz
