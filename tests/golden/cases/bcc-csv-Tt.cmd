tcplife-report fixtures/sample.tlz --csv --time --timestamp --top 12
