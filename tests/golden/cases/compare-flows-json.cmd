tcplife-report fixtures/sample.tlz --flows=service --compare fixtures/good-losses.tlz --json --top 3
