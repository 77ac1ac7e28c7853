tcplife-report fixtures/sample.tlz --verify --filter 'ms > 1'
tcplife-report fixtures/sample.tlz --since 09:00 --verify
