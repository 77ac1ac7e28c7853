# A day begins at midnight where times are shown.
printf '{"close_us":%s,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2}\n' 1777584600000000 1777588200000000 1777674599999999 >x.jsonl
for zone in UTC Europe/Berlin Asia/Kolkata; do
    tcplife-report --input jsonl x.jsonl --tz "$zone" --flows=close_us/1d --columns close_us/1d,sessions --sort close_us/1d:asc
    tcplife-report --input jsonl x.jsonl --tz "$zone" --flows=close_us/1d --columns close_us/1d,sessions --sort close_us/1d:asc --csv
done
