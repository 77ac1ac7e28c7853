tcplife-report --states --style bpftrace x.tlz
