tcplife-report --list-columns --info --jsonl
