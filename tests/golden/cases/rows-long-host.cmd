# A host that is called by a thousand bytes does not make each row as long.
{
    printf '{"type":"capture","source":1,"host":"%01000d"}\n' 7
    echo '{"close_us":50,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2}'
    echo '{"close_us":50,"laddr":"192.0.2.2","lport":2,"raddr":"192.0.2.1","rport":1}'
} >x.jsonl
tcplife-report --input jsonl x.jsonl --rows clickhouse | wc -c
tcplife-report --input jsonl x.jsonl --rows duckdb | awk -F, '{ print length($1) }'
tcplife-report --input jsonl x.jsonl --pairs --csv --columns client_host,server_host | awk -F, '{ print length($1), length($2) }'
tcplife-report --input jsonl x.jsonl --pairs=hosts --csv --columns host,sessions | awk -F, '{ print length($1), $2 }'
