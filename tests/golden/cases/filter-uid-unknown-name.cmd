tcplife-report fixtures/sample.tlz --columns uid,cgroup,netns,lport,rport -u nobody-of-that-name
