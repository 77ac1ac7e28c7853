# It is the same whatever is asked for, so nothing else is, not even before it.
tcplife-report --schema nothing.tlz
tcplife-report --write x.tlz --schema
for option in '--sort ms' '--columns nothing' '--filter 1=' '--style bcc' --journal --follow --csv -s --json --jsonl -4 --flows; do
    tcplife-report $option --schema
    tcplife-report --schema $option
done
status=$?
ls | grep -v fixtures
exit $status
