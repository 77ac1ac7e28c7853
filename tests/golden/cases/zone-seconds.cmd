# An offset from UTC may have seconds: Monrovia was 44 minutes and 30 seconds behind.
{
    echo '{"type":"capture","time_zone":"Africa/Monrovia"}'
    for us in 0 29999999 30000000 45000000 89999999 90000000; do
        echo "{\"close_us\":$us,\"laddr\":\"192.0.2.1\",\"lport\":1,\"raddr\":\"192.0.2.2\",\"rport\":2}"
    done
} >x.jsonl
tcplife-report --input jsonl x.jsonl -T -s
