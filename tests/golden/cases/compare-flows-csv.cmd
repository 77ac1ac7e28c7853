tcplife-report fixtures/sample.tlz --flows=comm --compare fixtures/sample.tlz --csv --filter "service == 443"
