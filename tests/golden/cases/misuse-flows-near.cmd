tcplife-report fixtures/sample.tlz --flows=comm --sort ms_maen
