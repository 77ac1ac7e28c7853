tcplife-report --style bcc --html x.html fixtures/sample.tlz
status=$?
ls | grep -v fixtures
exit $status
