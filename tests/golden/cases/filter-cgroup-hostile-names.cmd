# Names of any bytes: with a NUL, empty, of slashes alone, longer and shorter than what is wanted.
{ head -n 1 fixtures/sample.jsonl
  for name in '/system.slice\\x00/x' '' '///' '/' '/s' '/system.slice/' '\\xff'; do
      printf '%s\n' '{"type":"name","kind":"cgroup","id":4211,"name":"'"$name"'"}'
      printf '%s\n' '{"type":"name","kind":"uid","id":33,"name":"'"$name"'"}'
      printf '%s\n' '{"type":"name","kind":"netns","id":4026531840,"name":"'"$name"'"}'
  done
  grep -v '"type"' fixtures/sample.jsonl; } > hostile.jsonl
for selection in '--cgroup 4211' '--cgroup system.slice' '-u s,system.slice' '--netns system.slice'; do
    echo "$selection" $(tcplife-report --input jsonl hostile.jsonl --csv $selection | wc -l)
done
