# Blocks outside of the times are not read, where there is an index: damage in one is not found.
rows() { awk 'BEGIN { for (i = 0; i < 40000; i++) printf "{\"close_us\":%d000000,\"laddr\":\"192.0.2.1\",\"lport\":1,\"raddr\":\"192.0.2.2\",\"rport\":%d}\n", 1777593600 + i, i % 7919 }'; }
rows | tcplife-report -q --input jsonl - --write many.tlz
printf x | dd of=many.tlz bs=1 seek=2000 conv=notrunc 2> dd
count() {
    tcplife-report -q many.tlz --jsonl --columns close_us "$@" > rows
    echo "exit $?, $(tail -n 4000 rows | wc -l) rows of the last: $*"
}
count
count --since 2026-05-01T10:00:00Z
count --filter 'rport < 9000 and close_us >= 2026-05-01T10:00:00Z'
count --filter 'rport < 9000 or close_us >= 2026-05-01T10:00:00Z'
