# Whatever a damaged capture still tells is told in lines that can be read, and the same is told again.
# (STEP is 1, and more under emulation.)
size=$(wc -c <fixtures/good-two-hosts.tlz)
at=16
while [ "$at" -lt "$size" ]; do
    { head -c "$at" fixtures/good-two-hosts.tlz; printf '\377\377'; tail -c +"$((at + 3))" fixtures/good-two-hosts.tlz; } >x.tlz
    tcplife-report -q x.tlz --jsonl --with-meta >1 2>/dev/null
    if [ -s 1 ]; then
        tcplife-report -q --input jsonl 1 --jsonl --with-meta >2
        grep -v '"type":"\(damage\|end\)"' 1 | sed 's/"file":"[^"]*",//;s/,"capture_id":"0*"//' >1.same
        grep -v '"type":"\(damage\|end\)"' 2 | sed 's/"file":"[^"]*",//;s/,"capture_id":"0*"//' >2.same
        cmp 1.same 2.same || echo "changed at $at"
    fi
    at=$((at + 5 * ${STEP:-1}))
done
