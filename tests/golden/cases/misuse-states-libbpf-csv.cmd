tcplife-report --states --style libbpf --csv x.tlz
