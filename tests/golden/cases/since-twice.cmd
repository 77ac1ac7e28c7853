# An hour that comes twice is there with --since and with --until; of one that is skipped, what is after or before it.
row='"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2}'
half_hours() { # ZONE FIRST: eight sessions
    echo "{\"type\":\"capture\",\"time_zone\":\"$1\"}"
    for i in 0 1 2 3 4 5 6 7; do echo "{\"close_us\":$((($2 + i * 1800) * 1000000)),$row"; done
}
count() { tcplife-report -q x.tlz --jsonl --columns close_us "$@" | wc -l; }
while read -r zone first day time end; do
    half_hours $zone $first >x.jsonl
    tcplife-report -q --input jsonl x.jsonl -f --write x.tlz
    echo "$zone $day $time: since $(count --since "$day $time") until $(count --until "$day $time")" \
        "both $(count --since "$day $time" --until "$day $end")," \
        "of the clock: since $(count --since $time) until $(count --until $time) both $(count --since $time --until $end)"
done <<'END'
Europe/Berlin 1792882800 2026-10-25 02:00 02:00:01
America/New_York 1793507400 2026-11-01 01:00 01:00:01
Europe/Moscow 1414270800 2014-10-26 01:00 01:00:01
Europe/Berlin 1774742400 2026-03-29 02:00 03:00:01
Europe/Berlin 1774742400 2026-03-29 02:30 03:30
END
