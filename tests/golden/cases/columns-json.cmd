tcplife-report fixtures/sample.tlz --columns comm,ms --json --top 3
