tcplife-report --states --columns tx_bytes x.tlz
tcplife-report --columns time_us x.tlz
tcplife-report --states --sort ms x.tlz
tcplife-report --states --columns pid -T x.tlz
