tcplife-report fixtures/sample.tlz --style libbpf
