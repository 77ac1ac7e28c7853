# What can be read is shown, and the exit status is that of a damaged capture.
tcplife-report fixtures/bad-cut-body.tlz --html x.html -q
echo $?
ls
