tcplife-report fixtures/good-bare.tlz nothing.tlz --html x.html
status=$?
ls
exit $status
