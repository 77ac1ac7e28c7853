tcplife-report fixtures/sample.tlz --columns close_us,comm,raddr,rport,ms,tx_bytes,srtt_us,end,v6_socket --top 9
