tcplife-report --list-columns --flows=comm --compare x.tlz --csv | head -n 30
