# Hosts in different zones: UTC, which is said.
row='"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2}'
printf '%s\n' '{"type":"capture","time_zone":"Asia/Tokyo"}' "{\"close_us\":1777626000000001,$row" >a.jsonl
printf '%s\n' '{"type":"capture","time_zone":"Europe/Berlin"}' "{\"close_us\":1777626000000002,$row" >b.jsonl
tcplife-report --input jsonl a.jsonl b.jsonl -T
tcplife-report --input jsonl a.jsonl a.jsonl -T
tcplife-report --input jsonl a.jsonl b.jsonl -T -s -q
