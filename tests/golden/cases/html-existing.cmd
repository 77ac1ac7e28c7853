echo precious >x.html
tcplife-report fixtures/sample.tlz --html x.html
status=$?
cat x.html
exit $status
