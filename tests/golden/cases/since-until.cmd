# [since, until), of when a session ended. The capture is of 09:00:00 to 09:00:06, UTC.
while read -r options; do
    echo "$(eval "tcplife-report fixtures/sample.tlz --jsonl $options" | wc -l) $options"
done <<'EOF'
--since 2026-05-01T09:00:03Z
--until 2026-05-01T09:00:03Z
--since 2026-05-01T11:00:03+02:00 --until 2026-05-01T09:00:05Z
--since '2026-05-01 09:00:03'
--since 2026-05-01
--until 2026-05-01
--since 2026-05-01 --until 2026-05-02
--since 09:00:03
--since 09:00:03 --until 09:00:05
--until 09:00:03
--since 09:00 --until 10:00
--since 08:00
--until 08:00
--since 10:00
--until 10:00
--since 11:00:03 --tz Europe/Berlin
--since '2026-05-01 04:00:03' --tz America/Chicago
--since -10m
--since '10 minutes ago'
--until now
--until '2 days ago'
--since 09:00:03 --filter 'rport == 443'
--since 09:00:03 --flows
EOF
