cat fixtures/sample.tlz | tcplife-report --flows --top 2 -
