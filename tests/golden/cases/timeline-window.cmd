tcplife-report --timeline 2s --columns from_us,ended,opened,lost,bar --since 2026-05-01T08:59:55Z --until 2026-05-01T09:00:10Z fixtures/sample.tlz
tcplife-report --timeline 1h --columns from_us,ended --since 2026-06-01T00:00:00Z --until 2026-06-01T03:00:00Z --jsonl fixtures/sample.tlz
tcplife-report --timeline 1s --columns from_us,ended --since 1970-01-01 --until 2099-01-01 --filter 'ms > 3s' fixtures/sample.tlz
tcplife-report --timeline 1s --csv --columns from_us,ended --until 1970-01-01T00:00:00Z fixtures/sample.tlz
tcplife-report --timeline 1s --csv --columns from_us,ended --since 2026-05-01T10:00:00Z --until 2026-05-01T09:00:00Z fixtures/sample.tlz
