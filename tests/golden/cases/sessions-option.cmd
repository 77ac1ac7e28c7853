tcplife-report fixtures/sample.tlz --sessions --top 2
