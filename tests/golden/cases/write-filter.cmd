tcplife-report fixtures/sample.tlz -L 443 --write x.tlz
tcplife-report x.tlz --info --columns provenance,sessions
tcplife-report x.tlz --top 3
