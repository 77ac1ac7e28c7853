# Over the fields of changes of state; beside sessions over those that both have.
while read -r options; do
    echo "$(eval "tcplife-report -q fixtures/good-states.tlz --jsonl $options" | wc -l) $options"
done <<'EOF'
--states --filter 'new_state == ESTABLISHED'
--states --filter 'old_state ~ SYN_* and in_old_us >= 20ms'
--states --filter 'pid != owner_pid and has(owner_comm)'
--states --filter 'time_us < 2026-05-01T09:00:01Z'
--states --since 09:00:01
--states --since 09:00:01 --until 09:00:02 --filter 'lport == 443'
--states --sessions --filter 'lport == 443'
--states --sessions --since 09:00:01
--states --sessions --filter 'close_us > 5'
--states --sessions --filter 'not close_us > 5 and not in_old_us >= 0'
EOF
tcplife-report -q fixtures/good-states.tlz --states --filter 'comm ~ ksoftirqd/*' -T
tcplife-report -q fixtures/good-states.tlz --states --filter 'close_us > 5'
tcplife-report -q fixtures/good-states.tlz --filter 'time_us > 5'
