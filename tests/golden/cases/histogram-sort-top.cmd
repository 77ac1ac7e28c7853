tcplife-report --histogram raddr --sort raddr:asc --top 3 fixtures/sample.tlz
tcplife-report --histogram ms --columns sessions,from_ms,bar --sort sessions --top 2 fixtures/sample.tlz
