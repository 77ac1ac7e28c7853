LC_ALL=C.UTF-8 tcplife-report --summary --top 1 --filter 'ms > 100ms' -4 fixtures/sample.tlz
