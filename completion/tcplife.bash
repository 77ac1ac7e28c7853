# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# Completion in bash for tcplife-record, tcplife-report, tcplife-live and tcpstates-live, and for the peers' names as
# aliases of the last two. Options and what their values are called come from --help, columns from --list-columns: there
# is no list of either in here.

# What is behind a command word: itself, or the program of ours in an alias ("sudo tcplife-live -T").
_tcplife_program() { # COMMAND
    local word

    # shellcheck disable=SC2086 # an alias is several words
    for word in ${BASH_ALIASES[$1]-}; do
        case ${word##*/} in
        tcplife-* | tcpstates-*) echo "$word" && return ;;
        esac
    done
    echo "$1"
}

# Runs it where a user's PATH may lack it: the recorder is for root.
_tcplife_run() { # PROGRAM ARGUMENT...
    PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin "$@" </dev/null 2>/dev/null
}

# Reads --help, and sets what _tcplife() has declared: usage, options, arguments (of an option: what its value is called,
# " NAME", or "[=NAME]" when it may be left out), views (the options under the first heading, which have columns of their
# own).
_tcplife_read_help() { # PROGRAM
    local line option heading=
    local row='^ {2,6}(-[[:alnum:]])?(, )?(--[a-z][a-z0-9-]*)?( [^ ]+|\[=[^ ]+\])?( |$)'

    while IFS= read -r line; do
        case $line in
        Usage:*) usage=$line ;;
        [!\ ]*:) heading=$line ;;
        esac
        if [[ $line =~ $row ]]; then
            for option in ${BASH_REMATCH[1]} ${BASH_REMATCH[3]}; do
                options+=("$option")
                arguments[$option]=${BASH_REMATCH[4]}
                if [[ $heading == 'What to show:' ]]; then
                    views+=("$option")
                fi
            done
        fi
    done < <(_tcplife_run "$1" --help)
}

# Names of columns: of the view that was typed, if any, and what it was asked for ("--flows=comm" is three words). What the
# value of a view's own option may name are those of sessions.
_tcplife_columns() { # PROGRAM OPTION
    local i word next view=()

    for i in "${!COMP_WORDS[@]}"; do
        word=${COMP_WORDS[i]} next=${COMP_WORDS[i + 1]-}
        if [[ $word != --* || $word == "$2" || " ${views[*]} " != *" $word "* ]]; then
            continue
        fi
        view=("$word")
        if [[ $next == = ]]; then
            view=("$word=${COMP_WORDS[i + 2]-}")
        elif [[ ${arguments[$word]} == ' '* ]]; then
            view+=("$next")
        fi
    done
    _tcplife_column_names "$1" "${view[@]}"
}

_tcplife_column_names() { # PROGRAM [VIEW]
    _tcplife_run "$1" --list-columns --csv "${@:2}" | sed -e 1d -e 's/,.*//'
}

# Sets COMPREPLY to those of the words that begin as the current one does.
_tcplife_reply_words() { # CURRENT WORD...
    local current=$1

    shift
    mapfile -t COMPREPLY < <(compgen -W "$*" -- "$current")
}

# The same for a list with commas between: the last of it is completed, and another may follow.
_tcplife_reply_list() { # CURRENT WORD...
    local before=

    if [[ $1 == *,* ]]; then
        before=${1%,*},
    fi
    _tcplife_reply_words "${1##*,}" "${@:2}"
    COMPREPLY=("${COMPREPLY[@]/#/$before}")
    compopt -o nospace 2>/dev/null
}

# Captures and directories; any file, where JSON lines are read.
_tcplife_reply_files() { # CURRENT
    local pattern='!*.tlz'

    if [[ " ${COMP_WORDS[*]} " == *" jsonl "* ]]; then
        pattern=
    fi
    mapfile -t COMPREPLY < <(compgen -f -X "$pattern" -- "$1"; compgen -d -- "$1")
    compopt -o filenames 2>/dev/null
}

_tcplife_reply_value() { # PROGRAM CURRENT OPTION
    local argument=${arguments[$3]} names

    argument=${argument#[ \[]}
    argument=${argument#=}
    argument=${argument%]}
    case $3:$argument in
    --columns:* | *:FIELD*)
        mapfile -t names < <(_tcplife_columns "$1" "$3")
        if [[ $argument == LIST ]]; then
            _tcplife_reply_list "$2" "${names[@]}"
        else
            _tcplife_reply_words "$2" "${names[@]}"
        fi
        ;;
    *:KEYS)
        mapfile -t names < <(_tcplife_column_names "$1")
        _tcplife_reply_list "$2" "${names[@]}"
        ;;
    -u:* | --uid:*)
        mapfile -t names < <(compgen -u)
        _tcplife_reply_list "$2" "${names[@]}"
        ;;
    --user:*)
        mapfile -t names < <(compgen -u)
        _tcplife_reply_words "$2" "${names[@]}"
        ;;
    --on-rotate:*) mapfile -t COMPREPLY < <(compgen -c -- "$2" | sort -u) ;;
    --metrics:*)
        mapfile -t COMPREPLY < <(compgen -f -X '!*.prom' -- "$2"; compgen -d -- "$2")
        compopt -o filenames 2>/dev/null
        ;;
    *:FILE) _tcplife_reply_files "$2" ;;
    *:KEYFILE)
        mapfile -t COMPREPLY < <(compgen -f -- "$2")
        compopt -o filenames 2>/dev/null
        ;;
    *:NAMESPACE) _tcplife_reply_words "$2" self "$(ls /run/netns 2>/dev/null)" ;;
    *:PATH*)
        mapfile -t COMPREPLY < <(compgen -d -- "$2")
        compopt -o filenames 2>/dev/null
        ;;
    *:[a-z]*) _tcplife_reply_words "$2" "${argument//|/ }" ;; # bcc|libbpf|bpftrace
    esac
}

# The place of a "--" before the current word, behind which a command stands; none = no place.
_tcplife_dashes() {
    local i

    for ((i = 1; i < COMP_CWORD; i++)); do
        if [[ ${COMP_WORDS[i]} == -- ]]; then
            echo "$i" && return
        fi
    done
}

_tcplife() { # COMMAND CURRENT PREVIOUS
    local program current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local usage='' options=() views=() dashes value
    local -A arguments=()

    # "--style=bcc" is three words.
    value=" *"
    if [[ $current == = ]]; then
        current=
        value="*"
    elif [[ $previous == = && $COMP_CWORD -ge 2 ]]; then
        previous=${COMP_WORDS[COMP_CWORD - 2]}
        value="*"
    fi
    COMPREPLY=()
    program=$(_tcplife_program "$1")
    _tcplife_read_help "$program"
    dashes=$(_tcplife_dashes)
    if [[ -n $dashes && $usage == *'-- COMMAND'* ]]; then
        if ((dashes == COMP_CWORD - 1)); then
            mapfile -t COMPREPLY < <(compgen -c -- "$current" | sort -u)
        else
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
            compopt -o filenames 2>/dev/null
        fi
    elif [[ -z $dashes && -n ${arguments[$previous]-} && ${arguments[$previous]} == $value ]]; then
        _tcplife_reply_value "$program" "$current" "$previous"
    elif [[ -z $dashes && $current == -* || $usage != *FILE... ]]; then
        _tcplife_reply_words "$current" "${options[@]}"
    else
        _tcplife_reply_files "$current"
    fi
}

complete -F _tcplife tcplife-record tcplife-report tcplife-live tcpstates-live tcplife tcpstates
