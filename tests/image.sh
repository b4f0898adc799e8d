#!/usr/bin/env bash
# Builds the image and tries it, hardened as the README says, against the local Discord double.
#
#   make image        or, where there is no Docker engine, through one that lends it for the while
#
# Says "ok: …" or "FAILED: …" for each thing it shows, and exits with 1 if there was a failure. The
# image stays, as IMAGE (default: exomars-briefing-bot); all else is removed. Only loopback is
# spoken to, apart from what pip fetches for the build.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

image=${IMAGE:-exomars-briefing-bot}
name=exomars-image-test-$$ # of the volume, and of the containers with a word behind it
python=.venv/bin/python
flags=(--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges -v "$name:/data")
# Lies about in the build context below, where a careless operator has it too.
planted="planted-secret-$$-$RANDOM"
scratch=$(mktemp -d)
double=""
failures=0

clean_up() {
    [ -z "$double" ] || kill "$double" 2>/dev/null
    docker rm --force --volumes "$name-first" "$name-second" "$name-slack" "$name-files" >/dev/null 2>&1
    docker volume rm --force "$name" >/dev/null 2>&1
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# ── How something is shown ──────────────────────────────────────────────────────────────

# check WHAT COMMAND…: says whether COMMAND succeeded; what it printed only where it did not.
check() {
    local what=$1
    shift
    if "$@" >"$scratch/check.out" 2>&1; then
        echo "ok: $what"
        return 0
    fi
    echo "FAILED: $what"
    sed 's/^/    /' "$scratch/check.out" | tail -40
    failures=$((failures + 1))
    return 1
}

# within SECONDS COMMAND…: tries until COMMAND succeeds; at the end it has to.
within() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >"$scratch/within.out" 2>&1; do
        if ((SECONDS >= end)); then
            cat "$scratch/within.out"
            return 1
        fi
        sleep 0.5
    done
}

give_up() {
    echo "FAILED: $1"
    exit 1
}

# ── The double, and whoever types there ─────────────────────────────────────────────────

# The double's words, each in a variable: $api_base $gateway_url $token $control $news $guild.
start_double() {
    rm -f "$scratch/double.json" # of the one before
    "$python" -m tests.doubles.discord --port 0 >"$scratch/double.json" 2>"$scratch/double.err" &
    double=$!
    within 20 test -s "$scratch/double.json" ||
        give_up "the Discord double starts: $(tail -1 "$scratch/double.err")"
    local told
    told=$("$python" - "$scratch/double.json" <<'PYTHON'
import json, shlex, sys
told = json.load(open(sys.argv[1]))
told["news"] = told["channels"]["news"]
told["guild"] = told["guild_id"]
for key in ("api_base", "gateway_url", "token", "control", "news", "guild"):
    print(f"{key}={shlex.quote(told[key])}")
PYTHON
    ) || give_up "the Discord double tells where it is: $(cat "$scratch/double.json")"
    eval "$told"
}

stop_double() {
    kill "$double"
    wait "$double" 2>/dev/null
    double=""
}

# control VERB [BODY]: one request to the double, as its discord_control.py describes.
# Not curl, which not every machine has; and no proxy, which could not reach this machine's loopback.
control() {
    "$python" - "$control/$1" "${2:-}" <<'PYTHON'
import sys, urllib.request
url, body = sys.argv[1:]
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
print(opener.open(url, data=body.encode() or None, timeout=10).read().decode())
PYTHON
}

# Types `!exomars status` and waits for the bot's answer, cited and with its sources.
answers_at_the_double() {
    control message "{\"channel_id\": \"$news\", \"content\": \"!exomars status\"}" || return 1
    within 15 answer_stands
}

answer_stands() {
    control "messages?channel_id=$news" | "$python" -c '
import json, sys
said = [message["text"] for message in json.load(sys.stdin) if message["author"].get("bot")]
print(*said, sep="\n")
sys.exit(not any("ESA" in text and "[1]" in text and "Sources" in text for text in said))'
}

# Has a replay of the story come to the channel, from the shell beside the running bot.
sends_a_digest() {
    local bot="$name-$1"
    docker exec "$bot" exomars digest subscribe "discord:$guild/$news" replay || return 1
    docker exec "$bot" exomars digest now 1 || return 1
    within 15 digests_stand 1
}

# digests_stand COUNT: so many, and no more.
digests_stand() {
    control "messages?channel_id=$news" | "$python" -c '
import json, sys
said = [message["text"] for message in json.load(sys.stdin) if message["author"].get("bot")]
editions = [text for text in said if "Replay no. " in text]
print(*editions, sep="\n")
sys.exit(len(editions) != int(sys.argv[1]))' "$1"
}

respects_discord() {
    control state | tee "$scratch/state.json"
    "$python" -c 'import json, sys; sys.exit(bool(json.load(open(sys.argv[1]))["violations"]))' "$scratch/state.json"
}

# The same for Slack: $slack_base $bot_token $app_token, and $control and $news of this double.
start_slack() {
    "$python" -m tests.doubles.slack --port 0 >"$scratch/slack.json" 2>"$scratch/slack.err" &
    double=$!
    within 20 test -s "$scratch/slack.json" || give_up "the Slack double starts: $(tail -1 "$scratch/slack.err")"
    local told
    told=$("$python" - "$scratch/slack.json" <<'PYTHON'
import json, shlex, sys
told = json.load(open(sys.argv[1]))
told["news"], told["slack_base"] = told["channels"]["news"], told["api_base"]
for key in ("slack_base", "bot_token", "app_token", "control", "news"):
    print(f"{key}={shlex.quote(told[key])}")
PYTHON
    ) || give_up "the Slack double tells where it is: $(cat "$scratch/slack.json")"
    eval "$told"
}

answers_on_slack() {
    control command "{\"channel_id\": \"$news\", \"text\": \"status\"}" | tee "$scratch/slack.out"
    grep -q 'ESA.*\[1\]' "$scratch/slack.out" && grep -q 'Sources' "$scratch/slack.out"
}

respects_slack() {
    control state | tee "$scratch/state.json"
    "$python" -c 'import json, sys; sys.exit(bool(json.load(open(sys.argv[1]))["violations"]))' "$scratch/state.json"
}

# ── The container ───────────────────────────────────────────────────────────────────────

# start WORD OPTION…: the bot as an operator runs it, but looked at every 2 seconds.
start() {
    local word=$1
    shift
    DISCORD_TOKEN=$token docker run --detach --name "$name-$word" --network host "${flags[@]}" \
        --health-interval 2s --env DISCORD_API_BASE="$api_base" --env DISCORD_GATEWAY_URL="$gateway_url" \
        "$@" "$image"
}

is() { # WORD STATE: what Docker thinks of the container's health
    local found
    found=$(docker inspect --format '{{.State.Health.Status}} (running: {{.State.Running}})' "$name-$1")
    echo "$found"
    docker logs --tail 5 "$name-$1" 2>&1
    [ "$found" = "$2 (running: true)" ]
}

unhealthy_by_itself() { # exit code 1, and not that of a health check which could not even be run
    local status=0
    docker exec "$name-$1" exomars health || status=$?
    echo "exit code $status"
    [ "$status" -eq 1 ]
}

# Ends at SIGTERM with 0 in less than 10 s, after which Docker would have killed it (137).
stops() {
    local began=$SECONDS
    docker stop --time 30 "$name-$1" || return 1
    local took=$((SECONDS - began)) code
    code=$(docker inspect --format '{{.State.ExitCode}}' "$name-$1")
    echo "exit code $code after $took s"
    docker logs --tail 5 "$name-$1" 2>&1
    [ "$code" -eq 0 ] && [ "$took" -lt 10 ]
}

ask() { docker run --rm --network none "${flags[@]}" "$image" "$@"; }

tell() { docker run --rm --interactive --network none "${flags[@]}" "$image" "$@"; }

# An editor's way with nothing but /data to write to: a text in, published, and all out again.
writes_and_exports() {
    tell add - <"$scratch/note.md" || return 1
    ask draft publish 1 || return 1
    ask export --to /data/out || return 1
    docker run --rm --network none "${flags[@]}" --entrypoint grep "$image" -r -l "$written" /data/out
}

draws() { # a picture, with the fonts that came with the bot
    ask timeline --chart --to /data/timeline.png || return 1
    docker run --rm --network none "${flags[@]}" --entrypoint head "$image" -c 8 /data/timeline.png | grep -a -q PNG
}

backs_up() {
    ask backup || return 1
    ask backup list | tee "$scratch/backups"
    grep -q '^exomars-.* good$' "$scratch/backups"
}

prints_cited_status() {
    ask status | tee "$scratch/status.out" || return 1
    grep -q 'ESA.*\[1\]' "$scratch/status.out" && grep -q '^ *\[1\] .*2022' "$scratch/status.out"
}

unprivileged() { # what the kernel says of process 1
    docker exec "$name-first" cat /proc/1/status | grep -E '^(Uid|Gid|CapEff|CapPrm|CapBnd|NoNewPrivs):' |
        tr '\t' ' ' | tee "$scratch/status1"
    [ "$(grep -cxE '(Uid|Gid): 10001 10001 10001 10001|Cap(Eff|Prm|Bnd): 0+|NoNewPrivs: 1' "$scratch/status1")" -eq 6 ]
}

only_data_is_writable() {
    docker exec "$name-first" sh -c '
        for place in / /app /app/corpus /opt/venv /home /var/tmp; do
            touch "$place/.tried" 2>/dev/null && { echo "$place can be written to"; exit 1; }
        done
        grep " / " /proc/mounts | cut -d" " -f4 | tr , "\n" | grep -qx ro || { echo "/ is not mounted ro"; exit 1; }
        touch /data/.tried /tmp/.tried && rm /data/.tried /tmp/.tried'
}

# Also without --read-only: what runs cannot change itself.
owns_nothing_but_data() {
    local found
    found=$(docker run --rm --network none --user 0 --entrypoint find "$image" / -xdev \
        -not -path /data \( -uid 10001 -o -gid 10001 -o -type f -perm -o+w \)) || return 1
    echo "$found"
    [ -z "$found" ]
}

compiled() { # nothing is compiled anew at a start, which on a read-only root would be at every one
    local found
    found=$(docker run --rm --network none --entrypoint python "$image" -v -c '
import importlib, pkgutil, apscheduler.schedulers.asyncio, discord, prompt_toolkit, bot
for module in pkgutil.walk_packages(bot.__path__, "bot."):
    importlib.import_module(module.name)' 2>&1) ||
        { tail -3 <<<"$found"; return 1; }
    grep -q "code object from .*\.pyc'" <<<"$found" || { echo "python -v says no more what it reads"; return 1; }
    ! grep "code object from .*\.py'*$" <<<"$found"
}

without_tools() {
    ! docker run --rm --network none --entrypoint sh "$image" -c \
        'find / -xdev \( -name pip -o -name setuptools -o -name flit_core \) -not -path "*/ensurepip/*" | grep .'
}

application() { control "messages?channel_id=$news" | grep -o '"id": "[0-9]*", "username": "briefing-bot"' |
    head -1 | tr -dc '0-9'; }

# kept INODE ID: the file of the first start, with what the bot remembered then of application ID.
database() { docker exec "$name-$1" stat -c %i /data/exomars.db; }
kept() {
    local inode
    inode=$(database second)
    echo "inode $inode, was $1; application $2"
    [ -n "$1" ] && [ "$inode" = "$1" ] && [ -n "$2" ] &&
        docker exec "$name-second" sh -c 'cat /data/exomars.db*' | grep -a -c -F "discord-commands-$2"
}

# nowhere SECRET…: none of them in the image, its history, or the logs.
nowhere() {
    local secret place
    docker history --no-trunc --format '{{.CreatedBy}} {{.Comment}}' "$image" >"$scratch/history" || return 1
    docker image inspect "$image" >"$scratch/inspect" || return 1
    docker logs "$name-first" >"$scratch/first.log" 2>&1 || return 1
    docker logs "$name-second" >"$scratch/second.log" 2>&1 || return 1
    docker logs "$name-slack" >"$scratch/slack.log" 2>&1 || return 1
    docker create --network none --name "$name-files" "$image" && docker export --output "$scratch/files" "$name-files" || return 1
    for secret in "$@"; do
        for place in history inspect first.log second.log slack.log files; do
            [ -s "$scratch/$place" ] || { echo "$place is empty"; return 1; }
            ! grep -a -q -F -e "$secret" "$scratch/$place" || { echo "${secret:0:7}… is in $place"; return 1; }
        done
    done
    for place in history inspect; do
        ! grep -a -i -E '(token|secret|password)=[^ "]' "$scratch/$place" || return 1
    done
}

# ── What is shown ───────────────────────────────────────────────────────────────────────

docker info >/dev/null 2>&1 || give_up "there is a Docker engine (start one, or look at DOCKER_HOST)"
"$python" -c 'import aiohttp, jsonschema' 2>/dev/null || make --silent .venv/.ready-to-test ||
    give_up "the virtual environment for the double can be made"

# Built from a copy: with a secret and a database lying about that must not get in, in a checkout that
# nobody but its owner may read, and undisturbed by whoever edits the files meanwhile.
copy=$scratch/checkout
mkdir "$copy"
tar --exclude=./.git --exclude=./.venv --exclude='./.*_cache' --exclude=./state -cf - . | tar -C "$copy" -xf -
echo "DISCORD_TOKEN=$planted" | tee "$copy/.env" "$copy/bot/.env" "$copy/corpus/.env" >/dev/null
mkdir "$copy/state"
echo "$planted" | tee "$copy/state/exomars.db" "$copy/state/exomars.db-wal" >/dev/null
chmod -R u=rwX,go= "$copy"
build() { DOCKER_BUILDKIT=1 docker build --network host --tag "$image" "$copy"; }
check "the image is built" build || exit 1

check "it prints a cited status, hardened and without a network" prints_cited_status
check "the files of the story in it have no problems" ask check
check "what runs cannot change itself: all but /data is root's" owns_nothing_but_data
check "everything is compiled ahead" compiled
check "pip, setuptools and flit_core stayed behind" without_tools

start_double
check "the bot starts" start first --env DISCORD_TOKEN || exit 1
check "it becomes healthy" within 30 is first healthy
check "it runs as user 10001, without capabilities or new privileges" unprivileged
check "the root filesystem is read-only, /data and /tmp are not" only_data_is_writable
check "it answers !exomars status typed on Discord" answers_at_the_double
check "a digest subscribed in the shell comes to its channel" sends_a_digest first
check "it asked Discord for nothing that Discord's description does not allow" respects_discord

remembered=$(application)
stop_double
check "without Discord, exomars health exits with 1 within 20 s" within 20 unhealthy_by_itself first
check "and Docker calls it unhealthy" within 20 is first unhealthy
inode=$(database first)
check "SIGTERM ends it with 0 within 10 s while Discord is away" stops first

# The second start has the token in a file, and its log says as much as it can.
start_double
printf '%s\n' "$token" >"$scratch/token"
sed 's/^log_level *=.*/log_level = "debug"/' config.toml >"$scratch/config.toml"
chmod 0711 "$scratch" && chmod 0444 "$scratch/token" "$scratch/config.toml"
check "it starts again on the same volume, with DISCORD_TOKEN_FILE" start second \
    --volume "$scratch/token:/run/secrets/discord_token:ro" --volume "$scratch/config.toml:/app/config.toml:ro" \
    --env DISCORD_TOKEN_FILE=/run/secrets/discord_token
check "it becomes healthy again" within 30 is second healthy
check "it still answers" answers_at_the_double
check "the digest is known to have been sent" docker exec "$name-second" exomars digest why "$(date -u +%F)" 1
check "the volume kept what the first start wrote" kept "$inode" "$remembered"
check "SIGTERM ends it with 0 within 10 s while it is connected" stops second

written="The bot was tried in the image"
cat >"$scratch/note.md" <<'NOTE'
---
id: 2022-02-26-tried
title: A note tried in the image
outlet: unknown
url: unknown
published: 2022-02-26
language: en
facts:
  - id: one
    date: 2022-02-26
    says: The bot was tried in the image.
    speaker: Josef Aschbacher
    kind: statement
    tags: [esa]
---
NOTE
check "a backup is made and listed as good" backs_up
check "a text is added, published and exported where only /data can be written to" writes_and_exports

check "the picture of the timeline is drawn" draws

stop_double
start_slack
SLACK_BOT_TOKEN=$bot_token SLACK_APP_TOKEN=$app_token check "it starts on Slack" \
    docker run --detach --name "$name-slack" --network host "${flags[@]}" --health-interval 2s \
    --env SLACK_BOT_TOKEN --env SLACK_APP_TOKEN --env SLACK_API_BASE="$slack_base" "$image"
check "it becomes healthy there" within 30 is slack healthy
check "it answers /exomars status on Slack" answers_on_slack
check "it asked Slack for nothing that Slack refuses" respects_slack
check "SIGTERM ends it with 0 within 10 s while it is connected there" stops slack

check "no secret is in the image, its history or the logs" nowhere "$planted" "$token" "$bot_token" "$app_token"

if ((failures)); then
    echo "$failures failed; the last words of the bot were:"
    docker logs --tail 20 "$name-first" 2>&1 | cut -c 1-200 | sed 's/^/    first: /'
    docker logs --tail 20 "$name-second" 2>&1 | cut -c 1-200 | sed 's/^/    second: /'
    exit 1
fi
size=$(docker image inspect --format '{{.Size}}' "$image")
echo "All of it holds, in $SECONDS s; $image is $((size / 1000000)) MB."
