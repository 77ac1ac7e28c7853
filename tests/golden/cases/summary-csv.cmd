tcplife-report --summary --csv --since 2026-05-01T09:00:01Z fixtures/sample.tlz
