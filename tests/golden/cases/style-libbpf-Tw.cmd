tcplife-report fixtures/sample.tlz --style libbpf -T -w --top 12
