tcplife-report --flows=comm --columns comm,pid_count,raddr_count,connect_comm_count,end_count,uid_count,sessions --csv fixtures/sample.tlz
