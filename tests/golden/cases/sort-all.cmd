tcplife-report fixtures/sample.tlz --sort tx_bytes --columns tx_bytes,comm --csv
