tcplife-report fixtures/sample.tlz --flows=comm --compare nothing.tlz --top 2
