# At most 80 columns.
tcplife-report --help | awk 'length > 80 { print; bad = 1 } END { exit bad }'
