tcplife-report fixtures/sample.tlz --cgroup ''
