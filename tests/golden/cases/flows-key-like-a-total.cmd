tcplife-report fixtures/sample.tlz --flows=tx_bytes,ms --top 3 --csv
