cp fixtures/good-bare.tlz a.tlz
tcplife-report a.tlz --write a.tlz -f
echo $?
ln a.tlz b.tlz
tcplife-report a.tlz --write b.tlz -f
echo $?
tcplife-report - --write a.tlz -f <a.tlz
echo $?
cmp a.tlz fixtures/good-bare.tlz
