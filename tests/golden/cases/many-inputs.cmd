# More files than a process may usually have open.
mkdir d
i=0
while [ "$i" -lt 100 ]; do
    cp fixtures/good-bare.tlz d/$i.tlz
    i=$((i + 1))
done
ulimit -S -n 64
tcplife-report -q d --columns close_us --csv | sort | uniq -c | sed 's/^ *//'
