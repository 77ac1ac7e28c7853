# A name that is longer than its column, with what is not printable; addresses of IPv6; ports and sizes of every length;
# what is rounded to even, and what is not.
cat >x.jsonl <<'END'
{"close_us":1777626001002345,"established_us":1777626001000000,"open_us":1777626000999990,"direction":"out","connect_pid":4194304,"connect_comm":"fifteen-charact","laddr":"2001:db8:85a3:1234:5678:8a2e:370:7334","lport":65535,"raddr":"2001:db8::1","rport":1,"v6_socket":true,"tx_bytes":18446744073709551615,"rx_bytes":128,"end":"closed-here"}
{"close_us":1777626001002355,"established_us":1777626001000000,"open_us":1777626000999990,"direction":"out","connect_pid":7,"connect_comm":"a,b\\x1b[m","laddr":"127.0.0.1","lport":1,"raddr":"127.0.0.1","rport":65535,"v6_socket":true,"tx_bytes":384,"rx_bytes":1023,"end":"closed-here"}
{"close_us":1777626001001999,"open_us":1777626001000000,"direction":"out","connect_pid":7,"connect_comm":"x","laddr":"127.0.0.1","lport":80,"raddr":"127.0.0.1","rport":443,"v6_socket":false,"tx_bytes":0,"rx_bytes":1024000000,"end":"refused"}
END
for style in bcc libbpf bpftrace; do
    tcplife-report --input jsonl x.jsonl --style $style
done
tcplife-report --input jsonl x.jsonl --style bcc -Ttw
tcplife-report --input jsonl x.jsonl --style libbpf -Tw
