tcplife-report fixtures/good-bare.tlz --columns pid,comm,owner,ms,laddr,tx_bytes,end,v6_socket,open_us
