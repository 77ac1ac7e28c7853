tcplife-report fixtures/sample.tlz --flows -D 5432
