# A directory and a table of the zone database are no zones.
for zone in Europe leapseconds zone.tab; do
    printf '%s\n' "{\"type\":\"capture\",\"time_zone\":\"$zone\"}" '{"close_us":1777626000000001,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2}' >x.jsonl
    TZ=Asia/Tokyo tcplife-report --input jsonl x.jsonl -T -s
done
