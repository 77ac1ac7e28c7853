# What is no time, no zone, and nothing.
while read -r options; do
    eval "tcplife-report fixtures/sample.tlz $options"
    [ $? -eq 2 ] || echo "not misuse: $options"
done <<'EOF'
--since ''
--since yesterday
--until 25:00
--until 2026-02-30
--since 12
--since 2026-05-01T12:30:00.1234567Z
--until '0.0000001 seconds ago'
--since '10 parsecs ago'
--since 2026-05-01T09:00:05Z --until 2026-05-01T09:00:05Z
--since 2026-05-02 --until 2026-05-01
--since -1m --until -2m
--tz Moon
--tz ''
--tz ../../../etc/passwd
--tz UTC+2
EOF
tcplife-report fixtures/sample.tlz --since
