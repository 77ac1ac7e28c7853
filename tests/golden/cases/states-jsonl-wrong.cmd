row="\"laddr\":\"192.0.2.1\",\"lport\":1,\"raddr\":\"::\",\"rport\":0"
while read -r line; do
    echo "$line" | tcplife-report --input jsonl --states --jsonl -
done <<END
{"time_us":1,$row,"tx_bytes":5}
{"time_us":1,$row,"pid":7,"comm":"x","owner_pid":9,"family":77}
{"time_us":1,"laddr":"192.0.2.1","lport":1,"raddr":"::"}
{"time_us":1,$row,"socket":281474976710655}
{"time_us":1,$row,"socket":281474976710656}
{"time_us":1,$row,"old_state":"OPEN"}
{"time_us":9223372036854775808,$row}
{"time_us":1,"close_us":2,$row}
{"type":"loss","of":"flows","cause":"unseen","count":1,"from_us":1,"to_us":2}
{"type":"loss","of":1,"cause":"unseen","count":1,"from_us":1,"to_us":2}
END
