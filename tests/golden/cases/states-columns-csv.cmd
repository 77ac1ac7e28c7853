tcplife-report -q --states --csv --columns time_us,socket,comm,in_old_us,v6_socket,family fixtures/good-states.tlz
