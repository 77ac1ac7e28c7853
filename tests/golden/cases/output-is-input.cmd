# What is written must not be read again.
cp fixtures/good-bare.tlz a.tlz
for format in --csv --json --jsonl "--write -" --info -T; do
    timeout 20 tcplife-report a.tlz $format >>a.tlz
    echo $?
done
timeout 20 tcplife-report - <a.tlz >>a.tlz
echo $?
cmp a.tlz fixtures/good-bare.tlz
