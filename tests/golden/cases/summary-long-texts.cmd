long=$(printf '%0120d' 0)
printf '%s\n' '{"type":"capture","host":"'$long'","filters":"-L 443 \\\\x1b[31m é'$long'"}' '{"close_us":1777626000000000,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":443}' >x.jsonl
tcplife-report --input jsonl --summary -L 1,2 --filter "raddr in (192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24) or has(uid)" x.jsonl
tcplife-report --input jsonl --summary --jsonl --columns section,name --filter "lport == 1" x.jsonl
