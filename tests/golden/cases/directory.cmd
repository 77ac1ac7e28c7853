# Its captures, sorted; nothing else.
mkdir d
cp fixtures/good-bare.tlz d/2.tlz
cp fixtures/good-losses.tlz d/1.tlz
echo no >d/notes.txt
tcplife-report d --info --columns file,sessions
