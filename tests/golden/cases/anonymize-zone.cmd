# The host's zone is not told, nor shown.
printf '%s' 0123456789abcdefghijklmnopqrstuv >key; chmod 600 key
tcplife-report --input jsonl --anonymize=key -T - <<'END'
{"type":"capture","source":1,"time_zone":"Asia/Tokyo"}
{"close_us":1777626000000000,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2}
END
