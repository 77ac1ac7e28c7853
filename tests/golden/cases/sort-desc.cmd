tcplife-report fixtures/sample.tlz --sort rx_bytes:desc --top 3
