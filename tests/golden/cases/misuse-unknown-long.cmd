tcplife-report --nonsense x
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
