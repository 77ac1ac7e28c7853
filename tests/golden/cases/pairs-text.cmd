# Two hosts, whose clocks differ by 1.5 ms: three sessions that both saw, and on each one that the other did not.
cat >fleet.jsonl <<'EOT'
{"type":"capture","source":1,"host":"web1","boot_id":"a","time_zone":"UTC"}
{"type":"capture","source":2,"host":"db1","boot_id":"b","time_zone":"UTC"}
{"type":"source","source":1}
{"open_us":1777626000000000,"established_us":1777626000000420,"fin_us":1777626000250000,"close_us":1777626000250410,"laddr":"192.0.2.10","lport":40001,"raddr":"192.0.2.20","rport":5432,"direction":"out","end":"closed-here","tx_bytes":1801,"rx_bytes":91001,"sent_bytes":1800,"retrans_bytes":0,"fin_received":true,"min_rtt_us":400,"fin_wait1_us":408,"connect_pid":815,"connect_comm":"php-fpm8.2"}
{"open_us":1777626001000000,"established_us":1777626001000440,"fin_us":1777626001900210,"close_us":1777626001900300,"laddr":"192.0.2.10","lport":40002,"raddr":"192.0.2.20","rport":5432,"direction":"out","end":"closed-there","tx_bytes":901,"rx_bytes":400001,"sent_bytes":900,"retrans_bytes":0,"fin_received":true,"min_rtt_us":404,"connect_pid":815,"connect_comm":"php-fpm8.2"}
{"open_us":1777626002000000,"established_us":1777626002000410,"close_us":1777626004000000,"laddr":"192.0.2.10","lport":40003,"raddr":"192.0.2.20","rport":5432,"direction":"out","end":"reset-there","tx_bytes":1,"rx_bytes":7000,"sent_bytes":1500,"retrans_bytes":0,"fin_received":false,"min_rtt_us":402,"connect_pid":816,"connect_comm":"php-fpm8.2"}
{"open_us":1777626003000000,"close_us":1777626003000300,"laddr":"192.0.2.10","lport":40004,"raddr":"192.0.2.30","rport":6379,"direction":"out","end":"refused","connect_pid":816,"connect_comm":"php-fpm8.2"}
{"type":"source","source":2}
{"open_us":1777626000002130,"established_us":1777626000002132,"fin_us":1777626000251705,"close_us":1777626000252120,"laddr":"192.0.2.20","lport":5432,"raddr":"192.0.2.10","rport":40001,"direction":"in","end":"closed-there","tx_bytes":91001,"rx_bytes":1801,"sent_bytes":92448,"retrans_bytes":1448,"fin_received":true,"min_rtt_us":398,"accept_pid":77,"accept_comm":"postgres"}
{"open_us":1777626001002160,"established_us":1777626001002163,"fin_us":1777626001901500,"close_us":1777626001901930,"laddr":"192.0.2.20","lport":5432,"raddr":"192.0.2.10","rport":40002,"direction":"in","end":"closed-here","tx_bytes":400001,"rx_bytes":901,"sent_bytes":400000,"retrans_bytes":0,"fin_received":true,"min_rtt_us":401,"fin_wait1_us":420,"accept_pid":78,"accept_comm":"postgres"}
{"open_us":1777626002002115,"established_us":1777626002002118,"close_us":1777626004001680,"laddr":"192.0.2.20","lport":5432,"raddr":"192.0.2.10","rport":40003,"direction":"in","end":"reset-there","tx_bytes":7001,"rx_bytes":1,"sent_bytes":9000,"retrans_bytes":2000,"fin_received":false,"min_rtt_us":400,"accept_pid":79,"accept_comm":"postgres"}
{"open_us":1777626002500000,"established_us":1777626002500010,"close_us":1777626002600000,"laddr":"192.0.2.20","lport":5432,"raddr":"192.0.2.11","rport":40001,"direction":"in","end":"closed-there","tx_bytes":11,"rx_bytes":11,"accept_pid":79,"accept_comm":"postgres"}
EOT
tcplife-report --input jsonl fleet.jsonl --pairs
tcplife-report --input jsonl fleet.jsonl --pairs=hosts
