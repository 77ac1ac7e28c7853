tcplife-report --timeline 1s --json --filter "ms > 1s" fixtures/sample.tlz | sed "/captures/,\$d"
