tcplife-report fixtures/sample.tlz --flows=pid,comm,owner,direction,family,laddr,lport,raddr,rport,service,end,error,uid,netns,cgroup,mark,cookie
