tcplife-report fixtures/sample.tlz --info --filter 'ms > 1'
tcplife-report fixtures/sample.tlz --since 09:00 --info
