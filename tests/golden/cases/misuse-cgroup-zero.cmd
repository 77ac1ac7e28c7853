tcplife-report fixtures/sample.tlz --cgroup 0
