# Sourced by the scripts beside it: where things are, and how to say that something is wrong.

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${CARGO_TARGET_DIR:-$here/../../target}/cluster"
data=$(cd "${CARGO_TARGET_DIR:-$here/../../target}/cluster" && pwd)
bin=$data/bin

# die SENTENCE [CODE]
die() {
    echo "tests/cluster/${0##*/}: $1" >&2
    exit "${2:-1}"
}

# The directory of the cluster NAME; NAME becomes a path and a kubeconfig context, so it is kept plain.
directory_of() {
    case $1 in
        '' | bin | *[!a-z0-9-]*) die "a cluster's name is made of a-z, 0-9 and -, and is not \"$1\"" 2 ;;
    esac
    echo "$data/$1"
}

# running DIR: whether the cluster in DIR is up. The number alone could belong to another process by now.
running() {
    [ -s "$1/pid" ] && ps -o args= -p "$(cat "$1/pid")" 2>/dev/null | grep -q cluster/serve
}
