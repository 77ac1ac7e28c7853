ln -s fixtures/good-losses.tlz "$(printf 'a\033[31m\nb,"=c.tlz')"
tcplife-report *.tlz --info
tcplife-report *.tlz --info --csv
tcplife-report *.tlz --info --json --columns sessions
