# Of a session that ended 5 minutes ago, and one a day.
now=$(date +%s)
for ago in 300 86400; do
    echo "{\"close_us\":$(( (now - ago) * 1000000 )),\"laddr\":\"192.0.2.1\",\"lport\":$((ago / 60)),\"raddr\":\"192.0.2.2\",\"rport\":2}"
done > two.jsonl
for options in '--since -10m' '--since -2d' '--since -1m' '--until -1h' '--since -2d --until -1h' '--since 2%days%ago' '--since now'; do
    echo "$options:" $(IFS=' '; for word in $options; do echo "$word" | tr % ' '; done | tr '\n' '\0' | xargs -0 tcplife-report -q --input jsonl two.jsonl --columns lport --csv | tail -n +2)
done
