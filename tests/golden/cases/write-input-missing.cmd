tcplife-report fixtures/good-bare.tlz nothing.tlz --write x.tlz
status=$?
ls
exit $status
