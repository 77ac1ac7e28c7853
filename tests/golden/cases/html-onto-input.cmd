cp fixtures/good-bare.tlz a.tlz
tcplife-report a.tlz --html a.tlz -f
echo $?
tcplife-report - --html a.tlz -f <a.tlz
echo $?
cmp a.tlz fixtures/good-bare.tlz
