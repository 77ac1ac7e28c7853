tcplife-report fixtures/good-bare.tlz fixtures/sample.tlz --flows=comm,uid --top 4
