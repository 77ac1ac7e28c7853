# A time of day is of the last day that it can be of; --until of the first after --since.
hours() { i=0; while [ $i -lt 50 ]; do echo "{\"close_us\":$(( (1777593600 + i * 3600) * 1000000 )),\"laddr\":\"192.0.2.1\",\"lport\":1,\"raddr\":\"192.0.2.2\",\"rport\":2}"; i=$((i + 1)); done; }
{ echo '{"type":"capture","time_zone":"Europe/Berlin"}'; hours; } > hours.jsonl
tcplife-report -q --input jsonl hours.jsonl --write hours.tlz
while read -r options; do
    echo "$options:" $(eval "tcplife-report -q hours.tlz --columns close_us $options" | sed -n '2p;$p' | cut -c6-16)
done <<'EOF'
--since 00:00
--since 04:00
--since 05:00
--since 22:00 --until 02:00
--since 02:00 --until 22:00
--until 05:00
--until 01:00
--since '2026-05-01 12:00' --until 13:00
--since '2026-05-01 12:00' --until 11:00
--since 00:00 --tz UTC
--since 03:00 --tz Asia/Tokyo
EOF
# In a pipe, and of JSON lines, it is of today.
cat hours.tlz | tcplife-report -q - --jsonl --since 00:00 | wc -l
tcplife-report -q --input jsonl hours.jsonl --jsonl --since 00:00 | wc -l
# The zone is the capture's there, too.
cat hours.tlz | tcplife-report -q - --columns close_us --since '2026-05-02 23:00'
