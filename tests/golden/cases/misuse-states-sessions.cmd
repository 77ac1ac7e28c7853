tcplife-report --states --sessions x.tlz
tcplife-report --states --sessions --json x.tlz
tcplife-report --states --flows x.tlz
tcplife-report --info --states x.tlz
tcplife-report --states --sessions --jsonl --columns comm x.tlz
tcplife-report --states --sessions --jsonl --sort comm x.tlz
tcplife-report --states --sessions --write y.tlz --top 3 x.tlz
tcplife-report --states --sessions --list-columns
