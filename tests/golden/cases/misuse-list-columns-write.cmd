tcplife-report --list-columns --write x.tlz
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
