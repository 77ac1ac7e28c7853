# The old one's mode is kept; a new one is the user's alone, as a capture is.
echo precious >x.html
chmod 644 x.html
tcplife-report -q fixtures/sample.tlz --html x.html --force
echo $?
head -n 1 x.html
stat -c %a x.html
tcplife-report -q fixtures/sample.tlz --html y.html
stat -c %a y.html
cmp x.html y.html
tcplife-report -q fixtures/sample.tlz --html - | cmp - y.html
ls -A
