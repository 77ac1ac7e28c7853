tcplife-report "$(printf 'no\033[2Jsuch\nfile')"
