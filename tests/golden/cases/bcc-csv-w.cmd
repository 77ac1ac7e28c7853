tcplife-report fixtures/sample.tlz -sw --top 12
