# At every byte: never a crash, and one of the statuses that are documented.
# (STEP is 1, and more under emulation.)
size=$(wc -c <fixtures/good-losses.tlz)
i=0
while [ $i -lt $size ]; do
    head -c $i fixtures/good-losses.tlz >cut.tlz
    tcplife-report cut.tlz --jsonl >/dev/null 2>&1
    status=$?
    [ $status -eq 1 ] || [ $status -eq 3 ] || echo "$i bytes: $status"
    i=$((i + ${STEP:-1}))
done
