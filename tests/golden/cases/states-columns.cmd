tcplife-report -q --states --columns time_us,socket,owner_pid,owner_comm,owner,pid,comm,old_state,new_state,in_old_us,uid fixtures/good-states.tlz
