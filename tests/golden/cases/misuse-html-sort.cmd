tcplife-report --sort ms --html x.html fixtures/sample.tlz
status=$?
ls | grep -v fixtures
exit $status
