tcplife-report --list-columns --flows=raddr/24,close_us/1m --csv | head -n 20
