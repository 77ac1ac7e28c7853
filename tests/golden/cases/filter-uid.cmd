tcplife-report fixtures/sample.tlz --columns uid,cgroup,netns,lport,rport -u 33,1000
