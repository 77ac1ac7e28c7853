tcplife-report fixtures/sample.tlz --columns uid,cgroup,netns,lport,rport --cgroup /system.slice
