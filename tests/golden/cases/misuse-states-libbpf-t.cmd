tcplife-report --states --style libbpf -t x.tlz
