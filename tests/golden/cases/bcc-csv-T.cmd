tcplife-report fixtures/sample.tlz -s -T --top 12
