tcplife-report fixtures/good-bare.tlz --top 1000000000 --sort lport
