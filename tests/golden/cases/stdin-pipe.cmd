cat fixtures/sample.tlz | tcplife-report - --top 2 -T
