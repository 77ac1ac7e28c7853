# What says which of the rows are shown, and how, is not ignored.
for option in '--columns ms' '--columns nothing' '--sort ms' '--top 3' '--filter ms>1' -4 '-p 1' '--since 2026-01-01' \
    '--until 2026-01-01' --anonymize '--input jsonl' '--with-meta --jsonl' -T -t -w '--style bcc' '--tz UTC' '--jobs 2' \
    --fail-on-loss --follow; do
    tcplife-report --list-columns $option
    echo $?
done
# Nor does a FILE hurt, which may be written already.
tcplife-report fixtures/sample.tlz --list-columns --csv | head -n 2
