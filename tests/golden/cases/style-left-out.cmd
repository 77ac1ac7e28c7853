# Still open; open before the start; its connect() before it, but not the handshake's end; a child without a handshake,
# which bpftrace does not see begin; whole.
cat >x.jsonl <<'END'
{"close_us":1777626000000000,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2,"open_us":1777625999000000,"established_us":1777625999500000,"end":"still-open"}
{"close_us":1777626001000000,"laddr":"192.0.2.1","lport":2,"raddr":"192.0.2.2","rport":2,"before_start":true,"end":"closed-here"}
{"close_us":1777626002000000,"laddr":"192.0.2.1","lport":3,"raddr":"192.0.2.2","rport":2,"established_us":1777626001500000,"before_start":true,"end":"closed-here"}
{"close_us":1777626003000000,"laddr":"192.0.2.1","lport":4,"raddr":"192.0.2.2","rport":2,"open_us":1777626002500000,"syn_recv_us":500000,"direction":"in","end":"reset-there"}
{"close_us":1777626004000000,"laddr":"192.0.2.1","lport":5,"raddr":"192.0.2.2","rport":2,"open_us":1777626003499000,"established_us":1777626003500000,"direction":"in","end":"closed-here"}
END
for style in bcc libbpf bpftrace; do
    tcplife-report --input jsonl x.jsonl --style $style
done
tcplife-report --input jsonl x.jsonl --style bpftrace --quiet -p 7
tcplife-report --input jsonl x.jsonl
