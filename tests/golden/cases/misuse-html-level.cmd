tcplife-report --level 3 --html x.html fixtures/sample.tlz
status=$?
ls | grep -v fixtures
exit $status
