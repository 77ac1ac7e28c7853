tcplife-report fixtures/sample.tlz --flows --sort rx_bytes --top 4
