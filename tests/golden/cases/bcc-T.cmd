tcplife-report fixtures/sample.tlz -T --top 12
